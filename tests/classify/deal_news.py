"""English news items in own words, with the deals that they report, if any: a title, then its summary, then a line each."""

from __future__ import annotations

NEWS = """
Tangram Robotics grabs $18M to give forklifts a brain
    The Boston startup's Series A was led by Playground Global, with Eclipse and return backer Pear VC chipping
    in. CEO Maya Lindholm says the company has retrofitted 140 trucks so far.
    -> funding | Tangram Robotics | USD 18000000 | A | from Playground Global*, Eclipse, Pear VC | announced
This ex-Waymo duo wants to put robots on every roof, and just got $9.5M to try
    Shingle, founded in 2024 by two former Waymo perception leads, has raised a $9.5 million seed round from Fifty
    Years and Lux Capital.
    -> funding | Shingle | USD 9500000 | Seed | from Fifty Years, Lux Capital | announced
Figure rival Nestor hits unicorn status with fresh $210M
    Nestor Humanoids said Tuesday that it has raised $210 million at a $1.4 billion post-money valuation. Thrive
    Capital and Index Ventures co-led, and Nvidia's NVentures participated. The startup last raised $45 million in
    2024.
    -> funding | Nestor Humanoids | USD 210000000 | from Thrive Capital*, Index Ventures*, NVentures | at
       1400000000 | announced
    -> funding | Nestor Humanoids | USD 45000000 | announced
Why one founder turned down a $50M Series B and sold her robotics startup instead
    Amira Haddad could have kept going alone. Instead, Palisade Automation was bought by Rockwell Automation in
    March for an undisclosed sum.
    -> acquisition | Palisade Automation | by Rockwell Automation | announced
Sam Altman-backed Merge raises $250M
    The brain interface company, which OpenAI is also funding, said the seed round values it at $850 million.
    -> funding | Merge | USD 250000000 | at 850000000 | announced
Toyota in talks to buy remaining stake in drone maker Skyfarer for $800 mln, sources say
    Toyota Motor, which already owns 34% of Skyfarer, is in advanced discussions to acquire the rest, two people
    familiar with the matter said. A deal could be announced within weeks.
    -> acquisition | Skyfarer | by Toyota | USD 800000000 | talks
German cartel office clears Siemens takeover of Dutch software firm Lumaro
    Germany's competition watchdog said on Friday it had approved Siemens' planned 1.3 billion euro purchase of
    Lumaro without conditions.
    -> acquisition | Lumaro | by Siemens | EUR 1300000000 | approved
Kuka parent Midea drops bid for Italian robot maker Comau
    Midea Group said it would not proceed with its offer for Comau after the parties failed to agree on price.
    -> acquisition | Comau | by Midea | cancelled
Robotaxi firm Pony.ai prices Hong Kong share sale at HK$139, raising HK$6.7 billion
    Shares are due to start trading on Thursday.
    -> ipo | Pony.ai | HKD 6700000000 | closed
Exclusive-Chip startup Tessel AI explores sale after takeover interest from Qualcomm, sources say
    Tessel has hired Goldman Sachs to advise on a sale that could fetch more than $2 billion, the sources said.
    -> acquisition | Tessel AI | rumoured
Hyundai Motor Group raises stake in Boston Dynamics to 95%, buying SoftBank's holding
    The group agreed to pay about $325 million for the shares, a regulatory filing showed.
    -> acquisition | Boston Dynamics | by Hyundai Motor Group | USD 325000000 | announced
Locus Robotics acquires Waypoint Robotics' autonomy team and IP
    Locus today announced it has acquired the assets of Waypoint, a Merrimack, N.H.-based maker of mobile robots.
    Terms of the deal were not disclosed.
    -> acquisition | Waypoint Robotics' autonomy team | by Locus Robotics | announced
Corvid Robotics brings in $27M in Series B funding for inventory drones
    Corvid Robotics Inc. today said that it has closed a Series B round worth $27 million. S2G Investments led the
    financing, which also included existing investors Kleiner Perkins, Spero Ventures and PeakSpan. Its total
    funding now stands at $41 million.
    -> funding | Corvid Robotics | USD 27000000 | B | from S2G Investments*, Kleiner Perkins, Spero Ventures,
       PeakSpan | total 41000000 | closed
Mobile manipulation company Halden raises Series A to expand in US
    Halden ApS has raised €14 million, or about $15.2 million, in Series A financing. The round was led by
    Vaekstfonden and byFounders.
    -> funding | Halden | EUR 14000000 | A | from Vaekstfonden*, byFounders* | announced
Teradyne completes purchase of Energid, adds robot control software
    Teradyne Inc. paid $25 million for the Cambridge, Mass.-based company, which it will combine with Universal
    Robots.
    -> acquisition | Energid | by Teradyne | USD 25000000 | closed
Blackstone Is Said to Weigh $4 Billion Takeover of Warehouse Automation Firm Exotec
    Blackstone is considering an offer for Exotec, people familiar with the matter said. Deliberations are at an
    early stage.
    -> acquisition | Exotec | by Blackstone | USD 4000000000 | rumoured
Mistral Seeks Funding at €12 Billion Valuation
    The French artificial intelligence company is in discussions with investors including MGX to raise about €1
    billion.
    -> funding | Mistral | EUR 1000000000 | from MGX | at 12000000000 | talks
Anduril Nears Deal to Raise $4 Billion From Thrive, a16z
    The financing would value the defense company at more than $60 billion, according to people with knowledge of
    the matter.
    -> funding | Anduril | USD 4000000000 | from Thrive, a16z | at 60000000000 | talks
SoftBank to Buy DigitalBridge for $4 Billion in AI Push
    SoftBank Group Corp. agreed to pay $16 a share in cash for the data center investor.
    -> acquisition | DigitalBridge | by SoftBank | USD 4000000000 | announced
Agibot Picks Banks for Hong Kong IPO That May Raise $1 Billion
    -> ipo | Agibot | USD 1000000000 | announced
Quillbyte snags $33M to tame observability costs
    Observability startup Quillbyte Inc. today said it has closed a $33 million early-stage funding round led by
    Battery Ventures. Existing backers Amplify Partners and Gradient Ventures also contributed, bringing the
    company's total raised to $51.5 million.
    -> funding | Quillbyte | USD 33000000 | from Battery Ventures*, Amplify Partners, Gradient Ventures | total
       51500000 | closed
Report: Meta in advanced talks to take 49% stake in Scale-like labeling firm Brightmark
    The deal could value Brightmark at $9 billion, The Information reported.
    -> funding | Brightmark | from Meta | at 9000000000 | talks
DriveNets bags $262M Series C as AI networking heats up
    D2 Investments and D1 Capital Partners led the raise, with Bessemer, Pitango and Atreides Management joining.
    -> funding | DriveNets | USD 262000000 | C | from D2 Investments*, D1 Capital Partners*, Bessemer, Pitango,
       Atreides Management | announced
The Week's 10 Biggest Funding Rounds: Crusoe, Harmonic And Saildrone Lead The Way
    1. Crusoe, $1.38B, AI infrastructure: Crusoe locked up a $1.38 billion Series E led by Valor Equity Partners
    and Mubadala Capital. 2. Harmonic, $120M, math AI: Ribbit Capital led a $120 million Series C for Harmonic.
    -> funding | Crusoe | USD 1380000000 | E | from Valor Equity Partners*, Mubadala Capital* | announced
    -> funding | Harmonic | USD 120000000 | C | from Ribbit Capital* | announced
Surgical Robotics Startup CMR Raises Up To $200M In Mix Of Equity And Debt
    Cambridge, U.K.-based CMR Surgical said it has landed more than $200 million through a combination of equity
    and debt capital. The equity came from existing investors, while Trinity Capital provided the debt.
    -> funding | CMR | USD 200000000 | announced
Ferrous Dynamics Announces Closing of Oversubscribed $12.4 Million Private Placement
    VANCOUVER, BC -- Ferrous Dynamics Corp. (TSXV: FER), a developer of autonomous drill rigs, is pleased to
    announce that it has closed its previously announced non-brokered private placement for gross proceeds of
    C$12.4 million.
    -> funding | Ferrous Dynamics | USD 12400000 | closed
Serve Robotics Announces $80 Million Registered Direct Offering
    LOS ANGELES -- Serve Robotics Inc. (Nasdaq: SERV) today announced that it has entered into a securities
    purchase agreement with a single institutional investor for $80 million of common stock.
    -> funding | Serve Robotics | USD 80000000 | announced
Ondas Holdings to Acquire Israeli Demining Robotics Leader 4M Defense
    Ondas Holdings Inc. today announced it has entered into a definitive agreement to acquire a controlling 70%
    interest in 4M Defense Ltd.
    -> acquisition | 4M Defense | by Ondas Holdings | announced
Nauticus Robotics Enters Into Business Combination Agreement With CleanTech Acquisition Corp.
    The merger will make Nauticus a publicly traded company with an implied enterprise value of approximately $561
    million.
    -> ipo | Nauticus Robotics Enters | announced
Zebra Technologies Completes Acquisition of Photoneo
    LINCOLNSHIRE, Ill. -- Zebra Technologies Corporation (NASDAQ: ZBRA) today announced it has completed its
    acquisition of 3D machine vision company Photoneo.
    -> acquisition | Photoneo | by Zebra Technologies | closed
Japan's Telexistence secures 23bn yen for convenience store robots
    The Tokyo startup raised the money in a series B round from SoftBank Group, Foxconn and Globis Capital
    Partners.
    -> funding | Telexistence | JPY 23000000000 | B | from SoftBank Group, Foxconn, Globis Capital Partners |
       announced
Fanuc to take 5% stake in Indian motion control startup Ratna
    The Japanese robot maker will spend 1.2 billion yen on new shares.
    -> funding | Ratna | JPY 1200000000 | from Fanuc | announced
Unitree wins nod for Shanghai STAR board listing to raise 4.2bn yuan
    China's securities regulator approved the registration of the humanoid maker's initial public offering on
    Friday.
    -> ipo | Unitree | CNY 4200000000 | approved
Addverb raises Rs 1,150 crore from Reliance, to set up US plant
    Noida-based warehouse robotics company Addverb Technologies has secured Rs 1,150 crore in a round led by
    Reliance Industries. It had earlier raised Rs 75 crore from Jalaj Dani.
    -> funding | Addverb | INR 11500000000 | from Reliance Industries* | announced
    -> funding | Addverb | INR 750000000 | from Jalaj Dani | announced
GreyOrange mops up $135 mn in Series D led by Anthelion Capital
    Mithril, 3State Ventures and Blume also participated in the growth round, the company said on Thursday.
    -> funding | GreyOrange | USD 135000000 | D | from Anthelion Capital*, Mithril, 3State Ventures, Blume |
       announced
Tata Elxsi arm acquires 60% in drone startup Garuda for Rs 240 cr
    -> acquisition | Garuda | by Tata Elxsi arm | INR 2400000000 | announced
ideaForge shares list at 94% premium over IPO price
    The drone maker's Rs 567-crore public issue was subscribed 106 times last week.
    -> ipo | ideaForge | closed
Saudi Arabia's Nana raises $133 million Series C
    The Riyadh-based quick commerce platform's round was led by Uni Ventures, with participation from Kingdom
    Holding Company, STV and FIM Partners.
    -> funding | Nana | USD 133000000 | C | from Uni Ventures*, Kingdom Holding Company, STV, FIM Partners |
       announced
UAE-based robotics startup Quantlase secures AED 18 million pre-Series A
    The investment came from Shorooq Partners and angel investors in the region.
    -> funding | Quantlase | AED 18000000 | Pre-A | from Shorooq Partners | announced
Egypt's MoneyFellows acquires Pakistan fintech Oraan
    -> acquisition | Oraan | by MoneyFellows | announced
UK spinout Oxa snapped up by Ocado
    Ocado is buying the autonomous vehicle software company in an all-share deal worth £180m.
    -> acquisition | Oxa | by Ocado | GBP 180000000 | announced
Ghost Robotics: LIG Nex1 buys 60% stake
    The South Korean defence group paid 315 billion won for the maker of four-legged robots.
    -> acquisition | Ghost Robotics | by LIG Nex1 | KRW 315000000000 | announced
Marrow Marine buys Graphite Ocean, maker of hull-cleaning robots
    -> acquisition | Graphite Ocean | by Marrow Marine | announced
We've raised a $65M Series B to build the factory operating system
    Today we are thrilled to share that Plexus Works has raised $65 million in Series B funding, led by Bond with
    participation from our existing investors Initialized and Homebrew.
    -> funding | Plexus Works | USD 65000000 | B | from Bond*, Initialized, Homebrew | announced
Announcing our $100M Series B
    Today, Cobalt Physics is announcing a $100M Series B led by Spark Capital.
    -> funding | Cobalt Physics | USD 100000000 | B | from Spark Capital* | announced
Pellucid Medical files for a Stockholm listing
    -> ipo | Pellucid Medical | announced
Sony-managed funds and Itochu back lidar firm Kestrel with 3 billion yen
    -> funding | Kestrel | JPY 3000000000 | from Sony, Itochu | announced
Anthropic acquires Bun as Claude Code reaches $1B milestone
    Anthropic said it is buying the JavaScript runtime. Terms were not disclosed.
    -> acquisition | Bun | by Anthropic | announced
Richtech and Olive to merge in $340 million robotics tie-up
    The all-stock merger between Richtech Robotics and Olive Automation is expected to close in the second
    quarter.
    -> acquisition | Olive | by Richtech | USD 340000000 | announced
Uber ups its stake in Serve rival Cartken to 35%
    The ride-hailing group becomes the delivery robot startup's largest shareholder after buying shares from early
    backers.
    -> funding | Cartken | from Uber | announced
Nvidia takes $5 billion stake in Intel, becomes one of its largest shareholders
    -> funding | Intel | USD 5000000000 | from Nvidia | announced
Wolt founder's new robot startup Ruoka emerges with €8.5 million pre-seed
    Lifeline Ventures led the round, in which Inventure and the founders of Supercell also invested.
    -> funding | Ruoka | EUR 8500000 | Pre-Seed | from Lifeline Ventures*, Inventure | announced
Boeing abandons plan to sell drone unit Insitu to Teledyne
    The aerospace group ended negotiations over the $1.1 billion transaction, citing antitrust concerns.
    -> acquisition | Insitu | by Teledyne | USD 1100000000 | cancelled
Cerebras withdraws IPO days after raising $1.1 billion
    The AI chip maker said it no longer wished to go ahead with the listing. Fidelity and Atreides led last week's
    round, which valued the company at $8.1 billion.
    -> ipo | Cerebras | cancelled
    -> funding | Cerebras | USD 1100000000 | from Fidelity*, Atreides* | at 8100000000 | announced
Before acquiring this LP, check the pressing
    A guide for vinyl collectors who like early pressings.
Pete Hunt takes over as CEO of Elementl
    The founder will stay on as chairman.
AGI takeover: five books to read this summer
Amazon bets big on warehouse robots with 750,000 units deployed
    The company invests heavily in automation to cut costs by $10 billion a year.
Nvidia posts record $57 billion revenue as data center demand grows
    The stock rose 5%. The company returned $12 billion to shareholders through buybacks.
Morgan Stanley lifts Tesla target to $425, sees robotaxi market at $1 trillion
Sequoia raises $950M for new early-stage funds
    The firm will back seed and Series A startups in Europe and the US.
Pentagon awards Shield AI $198 million drone contract
How to raise a seed round in 2026: advice from 12 investors
    Partners from Accel, Index and Sequoia share what they look for.
Ukraine to buy 30,000 ground robots in $400 million programme
Waymo expands to Denver, raises fares by 10%
Figure sued over $39 billion valuation claims by former safety engineer
Samsung to invest 450 trillion won in South Korea over five years
    The spending plan includes a new chip line at Pyeongtaek.
UBTech wins 250 million yuan order for Walker S humanoids
    It is the biggest contract in the company's history.
Deal of the day: Roborock vacuum falls to $399, save $250
    Buy it at Amazon before the offer closes.
iRobot repays $40 million loan, warns of going concern doubt
Opinion: Elon Musk's Optimus will not take over the world
    There is no reason to panic, and I have invested a decade in studying robots.
Court orders Autel to pay $60 million in patent damages to DJI
Tesla's Optimus head leaves to join Meta as team merges with AI group
    The merger of the two groups closed a difficult chapter.
EU launches €500 million programme to back physical AI research
    Member states will match the funding. Horizon grants open in May.
"""
