"""English headlines and sentences with the deals they report."""

from __future__ import annotations

FINANCINGS = (
    (
        "Figure AI raises $675 million in Series B funding at $2.6 billion valuation",
        "funding | Figure AI | USD 675000000 | B | at 2600000000 | announced",
    ),
    (
        "Humanoid Robot Maker Figure Raises More Than $1 Billion in Series C at $39 Billion Valuation",
        "funding | Figure | USD 1000000000 | C | at 39000000000 | announced",
    ),
    (
        "Skild AI closes $300M Series A co-led by Lightspeed, Coatue, SoftBank and Jeff Bezos",
        "funding | Skild AI | USD 300000000 | A | from Lightspeed*, Coatue*, SoftBank*, Jeff Bezos* | closed",
    ),
    (
        "Physical Intelligence lands $400 million from Bezos, OpenAI and Thrive Capital",
        "funding | Physical Intelligence | USD 400000000 | from Bezos, OpenAI, Thrive Capital | announced",
    ),
    (
        "Berlin-based Agile Robots secures $220 million in round led by SoftBank Vision Fund 2",
        "funding | Agile Robots | USD 220000000 | from SoftBank Vision Fund 2* | announced",
    ),
    ("Nvidia leads $150M funding round in Field AI", "funding | Field AI | USD 150000000 | from Nvidia* | announced"),
    (
        "Alibaba Cloud leads $140 million A+ round in X Square Robot",
        "funding | X Square Robot | USD 140000000 | A+ | from Alibaba Cloud* | announced",
    ),
    (
        "Alibaba Cloud co-led a US$140 million round in X Square Robot, the Qwen team said.",
        "funding | X Square Robot | USD 140000000 | from Alibaba Cloud* | announced",
    ),
    (
        "Apptronik raises additional $53M, bringing Series A total to $403M",
        "funding | Apptronik | USD 53000000 | A | total 403000000 | announced",
    ),
    (
        "Dexterity, a maker of warehouse robots, has raised $95 million at a $1.65 billion valuation",
        "funding | Dexterity | USD 95000000 | at 1650000000 | announced",
    ),
    (
        "Agility Robotics in talks to raise $400 million at $1.75 billion valuation",
        "funding | Agility Robotics | USD 400000000 | at 1750000000 | talks",
    ),
    (
        "The Bot Company is said to seek $200 million at a $4 billion valuation",
        "funding | The Bot Company | USD 200000000 | at 4000000000 | talks",
    ),
    ("Apptronik's $350M Series A draws Google", "funding | Apptronik | USD 350000000 | A | announced"),
    ("$40M Series B for warehouse robotics firm Nimble", "funding | Nimble | USD 40000000 | B | announced"),
    (
        (
            "Carbon Robotics nets $70M Series D, led by BOND with participation from NVentures, Anthos Capital "
            "and existing investors Fuse Venture Capital and Sozo Ventures"
        ),
        (
            "funding | Carbon Robotics | USD 70000000 | D | from BOND*, NVentures, Anthos Capital, Fuse Venture "
            "Capital, Sozo Ventures | announced"
        ),
    ),
    (
        "Bedrock Robotics emerges from stealth with $80M from Eclipse and 8VC",
        "funding | Bedrock Robotics | USD 80000000 | from Eclipse, 8VC | announced",
    ),
    (
        "Genesis AI comes out of stealth with $105M in seed funding co-led by Eclipse and Khosla Ventures",
        "funding | Genesis AI | USD 105000000 | Seed | from Eclipse*, Khosla Ventures* | announced",
    ),
    ("Nvidia invests $2 billion in Synopsys", "funding | Synopsys | USD 2000000000 | from Nvidia | announced"),
    ("Nvidia to invest up to $100 billion in OpenAI", "funding | OpenAI | USD 100000000000 | from Nvidia | announced"),
    ("Toyota pours $500M into Joby Aviation", "funding | Joby Aviation | USD 500000000 | from Toyota | announced"),
    (
        "Waymo raises $5.6 billion from Alphabet, Andreessen Horowitz, Fidelity and T. Rowe Price",
        "funding | Waymo | USD 5600000000 | from Alphabet, Andreessen Horowitz, Fidelity, T. Rowe Price | announced",
    ),
    (
        "Waymo valued at $126 billion after $16 billion funding round led by Dragoneer, DST Global and Sequoia",
        "funding | Waymo | USD 16000000000 | from Dragoneer*, DST Global*, Sequoia* | at 126000000000 | announced",
    ),
    (
        "Neura Robotics in talks with Tether over $1 billion funding round",
        "funding | Neura Robotics | USD 1000000000 | talks",
    ),
    (
        "Tether weighs $1.16 billion investment in Neura Robotics",
        "funding | Neura Robotics | USD 1160000000 | from Tether | rumoured",
    ),
    (
        "Volkswagen invests another $1 billion in Rivian",
        "funding | Rivian | USD 1000000000 | from Volkswagen | announced",
    ),
    (
        "Wayve raises $1.05 billion Series C led by SoftBank, with Nvidia and Microsoft joining",
        "funding | Wayve | USD 1050000000 | C | from SoftBank*, Nvidia, Microsoft | announced",
    ),
    (
        "UK's Wayve nears $2 billion raise from Microsoft and SoftBank",
        "funding | Wayve | USD 2000000000 | from Microsoft, SoftBank | talks",
    ),
    (
        "Mind Robotics, a Rivian spinoff, raises $500M Series A led by Accel and a16z",
        "funding | Mind Robotics | USD 500000000 | A | from Accel*, a16z* | announced",
    ),
    (
        "Sunday Robotics raises $35M from Benchmark and Conviction",
        "funding | Sunday Robotics | USD 35000000 | from Benchmark, Conviction | announced",
    ),
    ("Chinese robot maker Galbot secures $300 million", "funding | Galbot | USD 300000000 | announced"),
    ("Galbot Raises $300 Million in New Funding Round", "funding | Galbot | USD 300000000 | announced"),
    ("Saronic Raises $600M Series C To Build Autonomous Ships", "funding | Saronic | USD 600000000 | C | announced"),
    (
        "Anduril raises $2.5B at $30.5B valuation, led by Founders Fund",
        "funding | Anduril | USD 2500000000 | from Founders Fund* | at 30500000000 | announced",
    ),
    (
        "Anduril closes $2.5B Series G led by Founders Fund, which invested $1 billion",
        "funding | Anduril | USD 2500000000 | G | from Founders Fund* | closed",
    ),
    (
        "Grab to lead $60M round in robotaxi startup May Mobility",
        "funding | May Mobility | USD 60000000 | from Grab* | announced",
    ),
    (
        "May Mobility raises $105M in Series D led by NTT",
        "funding | May Mobility | USD 105000000 | D | from NTT* | announced",
    ),
    (
        "Regulators clear Nvidia's $5 billion investment in Intel",
        "funding | Intel | USD 5000000000 | from Nvidia | approved",
    ),
    (
        "Starship Technologies raises $50M, takes total to $280M",
        "funding | Starship Technologies | USD 50000000 | total 280000000 | announced",
    ),
    (
        "Starship Technologies Secures $50 Million Series C, Bringing Total Funding to Over $280 Million",
        "funding | Starship Technologies | USD 50000000 | C | total 280000000 | announced",
    ),
    (
        "Collaborative Robotics Gets $100M in Round Led by General Catalyst",
        "funding | Collaborative Robotics | USD 100000000 | from General Catalyst* | announced",
    ),
    ("Sanctuary AI receives C$30 million grant", "funding | Sanctuary AI | CAD 30000000 | Grant | announced"),
    (
        "Canada's Sanctuary AI gets strategic investment from Magna",
        "funding | Sanctuary AI | Strategic | from Magna | announced",
    ),
    ("Magna makes strategic investment in Sanctuary AI", "funding | Sanctuary AI | Strategic | from Magna | announced"),
    ("Viam picks up $30M, adding to $117M total", "funding | Viam | USD 30000000 | total 117000000 | announced"),
    (
        "Tutor Intelligence raises $34M Series A led by Union Square Ventures",
        "funding | Tutor Intelligence | USD 34000000 | A | from Union Square Ventures* | announced",
    ),
    ("Anybotics extends Series B to $130M", "funding | Anybotics | USD 130000000 | B | announced"),
    (
        "Gecko Robotics becomes unicorn with $125M Series D at $1.25B valuation led by Cox Enterprises",
        "funding | Gecko Robotics | USD 125000000 | D | from Cox Enterprises* | at 1250000000 | announced",
    ),
    (
        "Bezos-backed Skild AI in talks to raise funding at $14 billion valuation",
        "funding | Skild AI | at 14000000000 | talks",
    ),
    (
        "Skild AI nears $1.4 billion SoftBank-led round, sources say",
        "funding | Skild AI | USD 1400000000 | from SoftBank* | talks",
    ),
    (
        "SoftBank, Nvidia looking to invest in Skild AI at $14 billion valuation",
        "funding | Skild AI | from SoftBank, Nvidia | at 14000000000 | talks",
    ),
    (
        "Nvidia-Backed Figure AI Seeks $1.5 Billion at $39.5 Billion Valuation",
        "funding | Figure AI | USD 1500000000 | at 39500000000 | talks",
    ),
    ("Jeff Bezos and Nvidia invest in robot startup Figure", "funding | Figure | from Jeff Bezos, Nvidia | announced"),
    (
        "World Labs raises $1B from Autodesk, AMD and Nvidia",
        "funding | World Labs | USD 1000000000 | from Autodesk, AMD, Nvidia | announced",
    ),
    ("Einride secures $100 million ahead of SPAC", "funding | Einride | USD 100000000 | announced"),
    ("Kodiak AI raises $145M PIPE", "funding | Kodiak AI | USD 145000000 | announced"),
    (
        (
            "Deep Robotics secures 500 million yuan ($69 million) in new financing led by CMBC International and "
            "China Asset Management"
        ),
        "funding | Deep Robotics | CNY 500000000 | from CMBC International*, China Asset Management* | announced",
    ),
    (
        "Exclusive: Robot brain maker Skild in talks for $500M round at $4B valuation",
        "funding | Skild | USD 500000000 | at 4000000000 | talks",
    ),
    (
        "Nvidia-backed Wayve in talks to raise $2 billion from SoftBank and Microsoft, FT reports",
        "funding | Wayve | USD 2000000000 | from SoftBank, Microsoft | talks",
    ),
    (
        (
            "Zipline Raises Over $600 Million at $7.6 Billion Valuation; Fidelity, Baillie Gifford, Valor and "
            "Tiger Global Participate"
        ),
        (
            "funding | Zipline | USD 600000000 | from Fidelity, Baillie Gifford, Valor, Tiger Global | at "
            "7600000000 | announced"
        ),
    ),
    (
        "Rapyuta Robotics gets $64.7m from Goldman Sachs-led round",
        "funding | Rapyuta Robotics | USD 64700000 | from Goldman Sachs* | announced",
    ),
    (
        "GreyOrange gets $135M growth round led by Anthelion Capital",
        "funding | GreyOrange | USD 135000000 | Growth | from Anthelion Capital* | announced",
    ),
    ("AI robotics firm Covariant adds $75M to its Series C", "funding | Covariant | USD 75000000 | C | announced"),
    (
        "Ati Motors raises $20 million in Series B from Walden Catalyst, NGP Capital",
        "funding | Ati Motors | USD 20000000 | B | from Walden Catalyst, NGP Capital | announced",
    ),
    (
        "Galaxy Bot completes Series A+ and B rounds totalling 1.1 billion yuan",
        "funding | Galaxy Bot | CNY 1100000000 | A+/B | closed",
    ),
    (
        "FieldAI Secures $405 Million, Backed by Bezos Expeditions, Khosla Ventures, Temasek and Intel Capital",
        (
            "funding | FieldAI | USD 405000000 | from Bezos Expeditions, Khosla Ventures, Temasek, Intel Capital "
            "| announced"
        ),
    ),
    ("Hadrian Automation, backed by a16z, raises $117M", "funding | Hadrian Automation | USD 117000000 | announced"),
    (
        (
            "Swiss startup Flexion Robotics raises $50M Series A from DST Global Partners, NVentures, redalpine, "
            "Prosus Ventures, and Moonfire to build humanoid brains"
        ),
        (
            "funding | Flexion Robotics | USD 50000000 | A | from DST Global Partners, NVentures, redalpine, "
            "Prosus Ventures, Moonfire | announced"
        ),
    ),
    (
        (
            "Sereact lands €25M Series A led by Creandum to teach robots to think; Point Nine and Air Street "
            "Capital also joined"
        ),
        "funding | Sereact | EUR 25000000 | A | from Creandum*, Point Nine, Air Street Capital | announced",
    ),
    (
        "Persona AI raises $42M pre-seed for shipyard humanoids",
        "funding | Persona AI | USD 42000000 | Pre-Seed | announced",
    ),
    (
        "Pudu Robotics completes more than 500 million yuan in C5 funding",
        "funding | Pudu Robotics | CNY 500000000 | C5 | closed",
    ),
    ("Kepler Robotics raises hundreds of millions of yuan", "funding | Kepler Robotics | CNY None | announced"),
    (
        "Humanoid startup 1X seeks up to $1 billion at $10 billion-plus valuation, The Information reports",
        "funding | 1X | USD 1000000000 | at 10000000000 | talks",
    ),
    (
        "Softbank completes $40 billion investment in OpenAI",
        "funding | OpenAI | USD 40000000000 | from Softbank | closed",
    ),
    ("Nvidia takes $1 billion stake in Nokia", "funding | Nokia | USD 1000000000 | from Nvidia | announced"),
    (
        (
            "X Square Robot, a Shenzhen-based startup backed by Alibaba and Meituan, raised 1 billion yuan in an "
            "A++ round led by ByteDance and HongShan."
        ),
        "funding | X Square Robot | CNY 1000000000 | A++ | from ByteDance*, HongShan* | announced",
    ),
)

TAKEOVERS = (
    (
        "SoftBank to acquire ABB's robotics business for $5.4 billion",
        "acquisition | ABB's robotics business | by SoftBank | USD 5400000000 | announced",
    ),
    (
        "SoftBank agrees to buy ABB's robotics unit in $5.4bn deal",
        "acquisition | ABB's robotics unit | by SoftBank | USD 5400000000 | announced",
    ),
    ("Brazil approves SoftBank-ABB robotics deal", "acquisition | ABB robotics | by SoftBank | approved"),
    (
        "ABB sells its robotics division to SoftBank for $5.4 billion in cash",
        "acquisition | robotics division | by SoftBank | USD 5400000000 | announced",
    ),
    (
        "Amazon calls off $1.4 billion iRobot acquisition",
        "acquisition | iRobot | by Amazon | USD 1400000000 | cancelled",
    ),
    (
        "Serve Robotics acquires Phantom Auto's assets",
        "acquisition | Phantom Auto's assets | by Serve Robotics | announced",
    ),
    ("Serve Robotics snaps up Vayu Robotics", "acquisition | Vayu Robotics | by Serve Robotics | announced"),
    (
        "Zimmer Biomet buys Monogram Technologies for $177 million",
        "acquisition | Monogram Technologies | by Zimmer Biomet | USD 177000000 | announced",
    ),
    (
        "Symbotic completes acquisition of Walmart's robotics unit for $200 million",
        "acquisition | Walmart's robotics unit | by Symbotic | USD 200000000 | closed",
    ),
    (
        "Mobileye to buy humanoid startup Mentee Robotics for $900 million",
        "acquisition | Mentee Robotics | by Mobileye | USD 900000000 | announced",
    ),
    (
        "Doosan Robotics takes majority stake in OneXia for $26M",
        "acquisition | OneXia | by Doosan Robotics | USD 26000000 | announced",
    ),
    (
        "Hyundai Motor Group takes controlling stake in Boston Dynamics",
        "acquisition | Boston Dynamics | by Hyundai Motor Group | announced",
    ),
    ("Qualcomm to acquire Arduino", "acquisition | Arduino | by Qualcomm | announced"),
    ("Qualcomm buys open-source hardware company Arduino", "acquisition | Arduino | by Qualcomm | announced"),
    (
        "Robotic exoskeleton maker Vimitri Automation is sold to Vofibe Capital for $277 million",
        "acquisition | Vimitri Automation | by Vofibe Capital | USD 277000000 | announced",
    ),
    ("Gripper firm Vimitri to be sold to Vofibe Capital", "acquisition | Vimitri | by Vofibe Capital | announced"),
    ("iRobot acquired by Shenzhen PICEA Robotics", "acquisition | iRobot | by Shenzhen PICEA Robotics | announced"),
    (
        "iRobot, the Roomba maker, to be acquired by its main supplier Picea after bankruptcy",
        "acquisition | iRobot | by Picea | announced",
    ),
    (
        "Agibot acquires control of Swancor Advanced Materials",
        "acquisition | Swancor Advanced Materials | by Agibot | announced",
    ),
    ("OpenAI buys Jony Ive's io for $6.5 billion", "acquisition | io | by OpenAI | USD 6500000000 | announced"),
    (
        "OpenAI acquires io, the device startup founded by Jony Ive, in all-stock deal valued at $6.5 billion",
        "acquisition | io | by OpenAI | USD 6500000000 | announced",
    ),
    (
        "Rockwell Automation completes Clearpath Robotics purchase",
        "acquisition | Clearpath Robotics | by Rockwell Automation | closed",
    ),
    ("Sarcos and Palladyne merge", "acquisition | Palladyne | by Sarcos | announced"),
    ("Ouster to merge with Velodyne", "acquisition | Velodyne | by Ouster | announced"),
    ("Getty cancels Shutterstock merger", "acquisition | Shutterstock | by Getty | cancelled"),
    (
        "Intel sells 51% of Altera to Silver Lake for $4.46 billion",
        "acquisition | Altera | by Silver Lake | USD 4460000000 | announced",
    ),
    ("Intel sells majority stake in Altera to Silver Lake", "acquisition | Altera | by Silver Lake | announced"),
    ("LG Electronics takes 51% stake in Bear Robotics", "acquisition | Bear Robotics | by LG Electronics | announced"),
    ("Robot.com acquires Yape", "acquisition | Yape | by Robot.com | announced"),
    ("Xiaomi considers buying stake in Deep Robotics", "acquisition | Deep Robotics | by Xiaomi | rumoured"),
    ("Kawasaki buys 10% of Medicaroid", "acquisition | Medicaroid | by Kawasaki | announced"),
    (
        "Serve Robotics to acquire Diligent Robotics in stock deal worth $29 million",
        "acquisition | Diligent Robotics | by Serve Robotics | USD 29000000 | announced",
    ),
    ("Locus Robotics acquires Nexera", "acquisition | Nexera | by Locus Robotics | announced"),
    ("UK approves Aviva takeover of Direct Line", "acquisition | Direct Line | by Aviva | approved"),
    ("Judge blocks JetBlue-Spirit merger", "acquisition | Spirit | by JetBlue | cancelled"),
)

LISTINGS = (
    ("Unitree files for Shanghai IPO", "ipo | Unitree | announced"),
    ("Unitree Robotics plans to raise 4.2 billion yuan in IPO", "ipo | Unitree Robotics | CNY 4200000000 | announced"),
    ("Pony.ai prices Nasdaq IPO at $13 a share, raising $260 million", "ipo | Pony.ai | USD 260000000 | closed"),
    ("WeRide goes public on Nasdaq", "ipo | WeRide | closed"),
    ("Indian robotics firm Addverb plans IPO, eyes $500 million raise", "ipo | Addverb | USD 500000000 | announced"),
    ("Doosan Robotics soars in Kospi debut after $312 million IPO", "ipo | Doosan Robotics | USD 312000000 | closed"),
    ("Xpeng-backed flying car maker Aridge files confidentially for Hong Kong IPO", "ipo | Aridge | announced"),
    ("Meituan-backed Keenon files for Hong Kong listing", "ipo | Keenon | announced"),
    ("Unitree gets approval for $610 million Shanghai IPO", "ipo | Unitree | USD 610000000 | approved"),
)

TOLD_TWICE = (
    (
        "1X Technologies bags $100M in Series B led by EQT Ventures",
        "The Norwegian humanoid company said Samsung NEXT and Nistad Group joined the round.",
        "funding | 1X Technologies | USD 100000000 | B | from EQT Ventures*, Samsung NEXT, Nistad Group | announced",
    ),
    (
        "Meta acquires robotics startup Dexmate",
        "Terms of the deal were not disclosed.",
        "acquisition | Dexmate | by Meta | announced",
    ),
    (
        "Uber and Nuro, Lucid team up on robotaxis",
        "Uber will invest $300 million in Lucid.",
        "funding | Lucid | USD 300000000 | from Uber | announced",
    ),
    (
        "Robotics startup Dyna raises $120M",
        (
            "Dyna Robotics said Monday it closed a $120 million Series A co-led by Robostrategy, CRV and First "
            "Round Capital. Salesforce Ventures, NVentures, the Amazon Industrial Innovation Fund, Samsung Next "
            "and LG Technology Ventures also participated. The round values the company at $600 million."
        ),
        (
            "funding | Dyna | USD 120000000 | A | from Robostrategy*, CRV*, First Round Capital*, Salesforce "
            "Ventures, NVentures, Amazon Industrial Innovation Fund, Samsung Next, LG Technology Ventures | at "
            "600000000 | closed"
        ),
    ),
    (
        "Ex-Tesla engineers raise $20M for humanoid startup",
        "Foundation Robotics, founded last year, said the seed round was led by Tribe Capital.",
        "funding | Foundation Robotics | USD 20000000 | Seed | from Tribe Capital* | announced",
    ),
    (
        "Acme snags $8M",
        (
            "Acme, which makes robot grippers, has secured €7.5 million ($8 million) in seed funding from "
            "High-Tech Gründerfonds."
        ),
        "funding | Acme | USD 8000000 | Seed | from High-Tech Gründerfonds | announced",
    ),
    (
        "Hong Kong listing: Geek+ jumps on debut",
        "Geek+ raised HK$2.7 billion in its initial public offering.",
        "ipo | Geek+ | HKD 2700000000 | closed",
    ),
    (
        "Dutch drone maker Destinus raises €50M",
        (
            "The Hengelo-based company said on Tuesday that it had raised 50 million euros from existing "
            "shareholders and a group of investors."
        ),
        "funding | Destinus | EUR 50000000 | announced",
    ),
    (
        "Robotic kitchen startup gets fresh cash",
        (
            "Chef Robotics, a San Francisco startup building robots for food assembly, has closed a $43.1 million "
            "Series A led by Avataar Ventures, with participation from Construct Capital, Bloomberg Beta, Promus "
            "Ventures and others."
        ),
        (
            "funding | Chef Robotics | USD 43100000 | A | from Avataar Ventures*, Construct Capital, Bloomberg "
            "Beta, Promus Ventures | closed"
        ),
    ),
    (
        "Gatik bags $85M, plans driverless trucks",
        "The round includes Koch Disruptive Technologies, Millennium and Goodyear Ventures.",
        (
            "funding | Gatik | USD 85000000 | from Koch Disruptive Technologies, Millennium, Goodyear Ventures | "
            "announced"
        ),
    ),
    (
        "Vention Secures $110M to Scale Physical AI for Manufacturing",
        (
            "MONTREAL – Vention today announced it has closed a US$110 million Series D financing led by "
            "Investissement Québec, with participation from NVentures, Desjardins Capital and Fidelity Canada."
        ),
        (
            "funding | Vention | USD 110000000 | D | from Investissement Québec*, NVentures, Desjardins Capital, "
            "Fidelity Canada | closed"
        ),
    ),
    (
        "Rivian CEO's Mind Robotics raises $500M",
        (
            "The new startup's valuation is around $2 billion, according to the Wall Street Journal, which first "
            "reported the round."
        ),
        "funding | Mind Robotics | USD 500000000 | at 2000000000 | announced",
    ),
    (
        "Meta buys humanoid AI startup in robotics push",
        (
            "Meta has acquired Assured Robot Intelligence, a startup working on robot foundation models, a "
            "spokesperson said."
        ),
        "acquisition | Assured Robot Intelligence | by Meta | announced",
    ),
)
