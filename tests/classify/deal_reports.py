"""More English titles with summaries, and the one deal that they report."""

from __future__ import annotations

REPORTS = (
    (
        "Standard Bots scores $63 million to make robot arms in New York",
        (
            "The Series B was led by General Catalyst. Amazon Industrial Innovation Fund and Samsung Next "
            "also took part."
        ),
        (
            "funding | Standard Bots | USD 63000000 | B | from General Catalyst*, Amazon Industrial "
            "Innovation Fund, Samsung Next | announced"
        ),
    ),
    (
        "Path Robotics gets $100M to automate welding",
        "",
        "funding | Path Robotics | USD 100000000 | announced",
    ),
    (
        "Robust AI, founded by Rodney Brooks, closes $20 million Series A-1 led by Prime Movers Lab",
        "",
        "funding | Robust AI | USD 20000000 | A1 | from Prime Movers Lab* | closed",
    ),
    (
        "Machina Labs secures $32M from NVentures, Innovation Endeavors",
        "",
        "funding | Machina Labs | USD 32000000 | from NVentures, Innovation Endeavors | announced",
    ),
    (
        "Reflex Robotics pulls in $7M seed for warehouse humanoid",
        "",
        "funding | Reflex Robotics | USD 7000000 | Seed | announced",
    ),
    (
        "Ambi Robotics Raises $32 Million; Total Funding Hits $67 Million",
        "",
        "funding | Ambi Robotics | USD 32000000 | total 67000000 | announced",
    ),
    (
        "SoftBank Robotics sells majority stake in Aldebaran to United Robotics Group",
        "",
        "acquisition | Aldebaran | by United Robotics Group | announced",
    ),
    (
        "Nvidia is close to investing $500 million in Poolside, Bloomberg News reports",
        "",
        "funding | Poolside | USD 500000000 | from Nvidia | talks",
    ),
    (
        "Amazon to buy Zoox for over $1.2 billion",
        "",
        "acquisition | Zoox | by Amazon | USD 1200000000 | announced",
    ),
    (
        "Hesai raises HK$4.16 billion in Hong Kong listing",
        "",
        "ipo | Hesai | HKD 4160000000 | closed",
    ),
    (
        "Geek+ launches Hong Kong IPO to raise up to $300 million",
        "",
        "ipo | Geek+ | USD 300000000 | announced",
    ),
    (
        "Paris-based Wandercraft raises $75 million in a Series D round, with Renault among the backers",
        "",
        "funding | Wandercraft | USD 75000000 | D | from Renault | announced",
    ),
    (
        "Tokyo's Mujin raises 36 billion yen in Series D from NTT Group and Qatar Investment Authority",
        "",
        "funding | Mujin | JPY 36000000000 | D | from NTT Group, Qatar Investment Authority | announced",
    ),
    (
        "Monarch Tractor nabs $133M for electric, driver-optional tractors",
        "Astanor and HH-CTBC Partnership co-led the Series C, valuing the startup at more than $500 million.",
        (
            "funding | Monarch Tractor | USD 133000000 | C | from Astanor*, HH-CTBC Partnership* | at "
            "500000000 | announced"
        ),
    ),
    (
        "Formic Secures $27.4M Series A Led By Blackhorn Ventures And Mitsubishi HC Capital America",
        "",
        ("funding | Formic | USD 27400000 | A | from Blackhorn Ventures*, Mitsubishi HC Capital America* | announced"),
    ),
    (
        "Robotics startup Cartken acquired by Mitsubishi Electric",
        "",
        "acquisition | Cartken | by Mitsubishi Electric | announced",
    ),
    (
        "Germany's Neura plans to raise about 1 billion euros, sources say",
        "",
        "funding | Neura | EUR 1000000000 | talks",
    ),
    (
        "Humanoid maker Apptronik hits $5B valuation after raising $520M",
        (
            "Google, Mercedes-Benz and B Capital joined the Series A extension alongside new investors AT&T "
            "Ventures and John Deere."
        ),
        (
            "funding | Apptronik | USD 520000000 | A | from Google, Mercedes-Benz, B Capital, AT&T Ventures, "
            "John Deere | at 5000000000 | announced"
        ),
    ),
)
