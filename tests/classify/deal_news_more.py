"""More English news items in own words, with the deals that they report."""

from __future__ import annotations

MORE_NEWS = """
Wheelwright Robotics nabs $41M to automate tire shops
    The Detroit-area company said Wednesday the Series B was co-led by Calibrate Ventures and Jaguar Land Rover's
    InMotion arm, with Canaan, Maveron and Zebra Ventures also participating. It has now raised $68 million to
    date.
    -> funding | Wheelwright Robotics | USD 41000000 | B | from Calibrate Ventures*, InMotion*, Canaan, Maveron,
       Zebra Ventures | total 68000000 | announced
Amazon snaps up robotics perception startup Veyo
    The e-commerce giant confirmed the acquisition to TechCrunch but declined to share terms. Veyo, which had
    about 30 employees, last raised a $6 million seed round in 2023 from Root Ventures.
    -> acquisition | Veyo | by Amazon | announced
    -> funding | Veyo | USD 6000000 | Seed | from Root Ventures | announced
A 22-year-old Stanford dropout has raised $30M to put humanoids in nursing homes
    Carewell, the company she started last year, closed the Series A this week. Andreessen Horowitz led, and Elad
    Gil and Nat Friedman invested.
    -> funding | Carewell | USD 30000000 | A | from Andreessen Horowitz*, Elad Gil, Nat Friedman | closed
Zipline is raising at a $7.6B valuation
    The drone delivery company has secured more than $600 million from investors including Fidelity, Baillie
    Gifford, Valor and Tiger Global, it told us.
    -> funding | Zipline | USD 600000000 | from Fidelity, Baillie Gifford, Valor, Tiger Global | at 7600000000 |
       announced
OpenAI buys analytics startup Statsig in $1.1B all-stock deal
    Statsig founder Vijaye Raju becomes CTO of applications.
    -> acquisition | Statsig | by OpenAI | USD 1100000000 | announced
Robot vacuum pioneer iRobot files for bankruptcy, to be taken over by Chinese supplier Picea
    Under the plan Shenzhen PICEA Robotics will acquire 100% of the equity of the company.
    -> acquisition | iRobot | by Picea | announced
ABB sells robotics division to SoftBank for $5.4 billion, scraps spin-off
    The Swiss group said on Wednesday the sale would bring it cash proceeds of about $5.3 billion.
    -> acquisition | ABB sells robotics division | by SoftBank | USD 5400000000 | announced
Italy's Leonardo, Turkey's Baykar to set up drone joint venture
    The companies said the European drone market could be worth $100 billion over 10 years.
Japan's Nidec withdraws offer for machine tool maker Makino
    Nidec had offered 11,000 yen a share, valuing the target at about 257 billion yen.
    -> acquisition | Makino | by Nidec | cancelled
China's Hesai approved by regulator for Hong Kong secondary listing
    The lidar maker aims to raise around $300 million, two sources said.
    -> ipo | Hesai | USD 300000000 | approved
Stellantis-backed flying taxi maker Archer raises $850 mln after Trump order
    -> funding | Archer | USD 850000000 | announced
Exclusive: Nvidia in talks to invest $500 mln in UK self-driving startup Wayve, letter shows
    -> funding | Wayve | USD 500000000 | from Nvidia | talks
Knorr-Bremse agrees to buy KUKA's Swisslog Healthcare unit
    The price was in the low three-digit million euro range, a person close to the deal said.
    -> acquisition | KUKA's Swisslog Healthcare unit | by Knorr-Bremse | announced
UK watchdog waves through Getty-Shutterstock tie-up
    The Competition and Markets Authority said the merger of the two photo libraries could go ahead.
    -> acquisition | Shutterstock | by Getty | approved
Symbotic to acquire Walmart's Advanced Systems and Robotics business
    Symbotic Inc. said it will pay $200 million in cash at closing, and up to $350 million more if orders grow.
    -> acquisition | Walmart's Advanced Systems and Robotics business | by Symbotic | USD 200000000 | announced
ANYbotics adds more than $60M to Series B, sets up US office
    New investors Qualcomm Ventures and Supernova Invest joined the extension, which takes the Zurich firm's total
    funding to $130 million.
    -> funding | ANYbotics | USD 60000000 | B | from Qualcomm Ventures, Supernova Invest | total 130000000 |
       announced
Figure AI Said to Be in Talks to Raise $1.5 Billion at 15 Times Prior Valuation
    Align Ventures and Parkway Venture Capital are set to lead the round, which would value the robot maker at
    $39.5 billion.
    -> funding | Figure AI | USD 1500000000 | from Align Ventures*, Parkway Venture Capital* | at 39500000000 |
       talks
Thoma Bravo Clinches $12.3 Billion Deal for Dayforce
    The buyout firm will pay $70 a share for the human resources software provider.
    -> acquisition | Dayforce | by Thoma Bravo | USD 12300000000 | announced
Geely's Robotaxi Unit CaoCao Climbs in Hong Kong Debut After $236 Million IPO
    -> ipo | Robotaxi Unit CaoCao | USD 236000000 | closed
Chip Firm Groq Doubles Valuation to $6.9 Billion With Fresh Funding
    The startup raised $750 million in a round led by Disruptive. BlackRock, Neuberger Berman and Deutsche Telekom
    Capital Partners also put in money.
    -> funding | Groq Doubles Valuation | USD 750000000 | from Disruptive*, BlackRock, Neuberger Berman, Deutsche
       Telekom Capital Partners | at 6900000000 | announced
Cyberhaven raises $100M at $1B valuation for data lineage security
    StepStone Group led the Series D. Schroders Capital and Industry Ventures joined as new investors while
    existing backers Khosla Ventures and Redpoint upped their bets.
    -> funding | Cyberhaven | USD 100000000 | D | from StepStone Group*, Schroders Capital, Industry Ventures,
       Khosla Ventures, Redpoint | at 1000000000 | announced
Datadog reportedly eyeing acquisition of GitLab
    Shares of GitLab, which has a market cap of $8 billion, jumped 7%.
    -> acquisition | GitLab | by Datadog | rumoured
CoreWeave's $9B Core Scientific purchase voted down by shareholders
    The two companies said the merger agreement has been terminated.
    -> acquisition | Core Scientific | by CoreWeave | USD 9000000000 | cancelled
Lambda raises over $1.5B from TWG Global, USIT to build superintelligence cloud infrastructure
    -> funding | Lambda | USD 1500000000 | from TWG Global, USIT | announced
Robotics Startup Field AI Hauls In $405M Across Two Rounds
    Bezos Expeditions, Prysm and Temasek co-led its most recent raise, with Khosla Ventures, Intel Capital and
    Canaan Partners taking part.
    -> funding | Field AI | USD 405000000 | from Bezos Expeditions*, Prysm*, Temasek*, Khosla Ventures, Intel
       Capital, Canaan Partners | announced
Exclusive: Farsight Robotics Lands $7.2M Seed Led By Eniac For Night-Shift Security Bots
    -> funding | Farsight Robotics | USD 7200000 | Seed | from Eniac* | announced
Karman Industries Completes $20 Million Series A Financing
    LONG BEACH, Calif., June 12, 2026 /PRNewswire/ -- Karman Industries, a maker of turbo heat pumps, today
    announced the completion of its $20 million Series A financing, led by Riot Ventures with participation from
    Space VC and Wonder Ventures.
    -> funding | Karman Industries | USD 20000000 | A | from Riot Ventures*, Space VC, Wonder Ventures | closed
Knightscope Announces Pricing of $12 Million Public Offering
    SUNNYVALE, Calif.--(BUSINESS WIRE)--Knightscope, Inc. (Nasdaq: KSCP), a developer of autonomous security
    robots, today announced the pricing of its public offering of Class A common stock for gross proceeds of about
    $12 million.
    -> funding | Knightscope | USD 12000000 | announced
Mobix Labs Signs Letter of Intent to Acquire Peraso
    -> acquisition | Peraso | by Mobix Labs | announced
Safe Pro Group Secures Strategic Investment From Ondas
    Ondas will invest $8 million at $7.00 per share.
    -> funding | Safe Pro Group | USD 8000000 | Strategic | from Ondas | announced
Sony to sell Israeli chip unit Altair for 60bn yen
    The buyer is a private equity fund, people familiar with the talks said.
    -> acquisition | Altair | JPY 60000000000 | announced
Preferred Networks raises 19bn yen from SBI, Mitsubishi and others
    The Tokyo AI developer will use the money to design chips with SBI.
    -> funding | Preferred Networks | JPY 19000000000 | from SBI, Mitsubishi | announced
Singapore's Grab puts $60m into US robotaxi company May Mobility
    -> funding | May Mobility | USD 60000000 | from Grab | announced
Exclusive: CynLr in talks to raise $15-20 million from Athera, Pavestone
    The Bengaluru-based visual robotics startup may be valued at about $90 million, sources said.
    -> funding | CynLr | USD 15000000 | from Athera, Pavestone | talks
Zetwerk gets Sebi nod for Rs 4,200-crore IPO
    -> ipo | Zetwerk | INR 42000000000 | approved
Unbox Robotics bags Rs 64 crore in Series A from 3one4, SOSV
    Redstart Labs and Arali Ventures, both early backers, doubled down.
    -> funding | Unbox Robotics | INR 640000000 | A | from 3one4, SOSV | announced
Kuwait's Ordable acquired by Saudi's Foodics
    The deal is Foodics' third purchase in the region.
    -> acquisition | Ordable | by Foodics | announced
Dubai-based proptech Huspy closes $59 million Series B led by Balderton
    Peak XV, Breyer Capital and BY Venture Partners participated.
    -> funding | Huspy | USD 59000000 | B | from Balderton*, Peak XV, Breyer Capital, BY Venture Partners | closed
Hamburg's 1X rival Agile Limbs pockets €4m from High-Tech Gründerfonds and b2venture
    -> funding | Agile Limbs | EUR 4000000 | from High-Tech Gründerfonds, b2venture | announced
Tesla's Musk says Optimus could make company worth $25 trillion
    He told investors that robots would be 80% of its value.
Boston Dynamics signs deal with DHL for 1,000 Stretch robots
    The logistics group has invested more than €1 billion in automation over three years.
Joby takes over helicopter terminal lease in Manhattan
Kraken Robotics lands $13 million in new sonar orders
Opinion: Why I turned down a job at OpenAI to build drones
    I raised my hand and said no. There is more to life than stock options worth $2 million.
Hugging Face leads open source push with new robot arm
    The $100 arm is backed by the community.
Chinese EV makers lead sales in Brazil as BYD takes 5% of market
US Army awards Palladyne $3.2M extension for swarm software
Robot umpires get green light from MLB for 2026 season
    The league will invest in training for officials.
Grubhub, Avride bring delivery robots to campuses
    The rollout follows last year's launch in Ohio. Both firms declined to say how much they will spend.
Five takeaways from Nvidia's GTC: Rubin, robots and a $1 trillion backlog
Analysts expect Symbotic to raise outlook; shares up 4% before the bell
Foundry Nine picks up $14M to 3D-print rocket parts with robots
    The Los Angeles startup's seed extension was led by Lux, and Founders Fund, Bow Capital and Space Capital
    joined in.
    -> funding | Nine | USD 14000000 | Seed | from Lux*, Founders Fund, Bow Capital, Space Capital | announced
Rivian's Mind Robotics valued at $2 billion in new funding
    Accel and Andreessen Horowitz led the $500 million Series A.
    -> funding | Mind Robotics | USD 500000000 | A | from Accel*, Andreessen Horowitz* | at 2000000000 | announced
Cisco to acquire NeuralFabric
    The networking company announced its intent to buy the generative AI platform maker on Thursday.
    -> acquisition | NeuralFabric | by Cisco | announced
Robotics software firm Intrinsic Labs raises $80m from Temasek-led group
    -> funding | Intrinsic Labs | USD 80000000 | from Temasek* | announced
SoftBank closes $6.5 billion Ampere buy
    The Japanese group completed the purchase of the chip designer on Tuesday after clearing US review.
    -> acquisition | Ampere | by SoftBank | USD 6500000000 | closed
Humanoid maker Agility said to seek sale as cash runs low
    The company has sounded out automotive suppliers, the people said.
    -> acquisition | Agility | talks
Nuro closes $203M Series E with backing from Uber, Nvidia
    Baillie Gifford, Icehouse Ventures, Kindred Ventures and Pledge Ventures also invested in the round, which
    values the self-driving firm at $6 billion.
    -> funding | Nuro | USD 203000000 | E | from Uber, Nvidia, Baillie Gifford, Icehouse Ventures, Kindred
       Ventures, Pledge Ventures | at 6000000000 | closed
Bengaluru's Ati Motors raises $20 mn led by Walden Catalyst, NGP Capital
    The autonomous mobile robot maker had raised $10.85 million in 2023. True Ventures, Exfinity and Blume
    Ventures also joined the Series B.
    -> funding | Ati Motors | USD 20000000 | B | from Walden Catalyst*, NGP Capital*, True Ventures, Exfinity,
       Blume Ventures | announced
    -> funding | Ati Motors | USD 10850000 | announced
Merck KGaA walks away from talks to buy SpringWorks rival
Mobileye to buy humanoid startup Mentee Robotics for $900 million
    The Israeli company, founded by Mobileye CEO Amnon Shashua, will get $612 million in cash and the rest in
    stock.
    -> acquisition | Mentee Robotics | by Mobileye | USD 900000000 | announced
Deliveroo takeover by DoorDash cleared by EU
    The £2.9bn deal is expected to close next week.
    -> acquisition | Deliveroo | by DoorDash | GBP 2900000000 | approved
Tiangong humanoid backer X-Humanoid completes first external round of 700 million yuan
    Investors included Beijing Robotics Industry Fund and Baidu.
    -> funding | X-Humanoid | CNY 700000000 | from Beijing Robotics Industry Fund, Baidu | closed
Wandelbots and Micropsi join forces in all-German robot software merger
    The combined company will be led by Wandelbots chief Christian Piechnick.
    -> acquisition | Micropsi | by Wandelbots | announced
Kodiak Robotics to go public through merger with Ares Acquisition Corporation II
    The deal values the self-driving truck company at about $2.5 billion.
    -> ipo | Kodiak Robotics | at 2500000000 | announced
Skydio confirms $170M extension to Series E
    KDDI and Axon joined existing investors Linse Capital and Andreessen Horowitz.
    -> funding | Skydio | USD 170000000 | E | from KDDI, Axon, Linse Capital, Andreessen Horowitz | announced
Hello Robot is acquired by Samsung
    -> acquisition | Hello Robot | by Samsung | announced
Emirates-based Pixxel rival SatSure gets $15 mln in bridge round
    -> funding | SatSure | USD 15000000 | Bridge | announced
CATL seeks up to $5 billion in Hong Kong listing this year's largest
    -> ipo | CATL | USD 5000000000 | announced
Exotec valued at $2 billion after $335 million Series D from Goldman Sachs
    -> funding | Exotec | USD 335000000 | D | from Goldman Sachs | at 2000000000 | announced
Robot dog maker raises alarm over tariffs
    Prices could rise 30% and a $1 billion market is at risk.
Microsoft, Anduril take over Army headset project worth $22 billion
Venture capital in robotics hit $14 billion in 2025, says report
    Series B rounds grew the most, with a median of $32 million.
Nvidia's Huang sells $36 million of shares
Tesla raises prices in China; Xpeng leads deliveries
OpenAI closes robotics lab office, signs $300 million lease
Persona AI raises $42M pre-seed for heavy-industry humanoids
    Unity Growth led the oversubscribed round alongside Tides Ventures and Eurazeo's Rewired fund, the Houston
    company said.
    -> funding | Persona AI | USD 42000000 | Pre-Seed | from Unity Growth*, Tides Ventures, Rewired | announced
Nvidia-backed Field AI in talks for funding at $4 billion valuation, sources say
    The robotics software company could raise about $600 million, according to two people briefed on the matter.
    -> funding | Field AI | USD 600000000 | at 4000000000 | talks
Hyundai to buy remaining SoftBank stake in Boston Dynamics
    SoftBank exercised a put option to sell its 9.65% holding for about $325 million.
    -> acquisition | Boston Dynamics | by Hyundai | announced
Autonomous trucking startup Bot Auto secures $20M
    Existing investors including Brightway Future Capital, Cherubic Ventures and Taihill joined the pre-Series A
    round.
    -> funding | Bot Auto | USD 20000000 | Pre-A | from Brightway Future Capital, Cherubic Ventures, Taihill |
       announced
Nimble Robotics Raises $106M Series C at $1B Valuation
    FedEx led the round with co-lead Cedar Pine. The Series C brings Nimble's total funding to $221 million.
    -> funding | Nimble Robotics | USD 106000000 | C | from FedEx*, Cedar Pine* | at 1000000000 | total 221000000
       | announced
Amazon hires Covariant founders, licenses robot models
Serve Robotics acquires Vayu Robotics to boost AI delivery
    The all-stock transaction is expected to close this quarter. Khosla Ventures, Vayu's largest backer, will
    become a Serve shareholder.
    -> acquisition | Vayu Robotics | by Serve Robotics | announced
Dyna Robotics closes $120M Series A
    Robostrategy, CRV and First Round Capital led the raise. Salesforce Ventures, NVentures, the Amazon Industrial
    Innovation Fund, Samsung Next and LG Technology Ventures participated.
    -> funding | Dyna Robotics | USD 120000000 | A | from Robostrategy*, CRV*, First Round Capital*, Salesforce
       Ventures, NVentures, Amazon Industrial Innovation Fund, Samsung Next, LG Technology Ventures | closed
SAP agrees to acquire SmartRecruiters
    Terms weren't disclosed. SmartRecruiters was last valued at $1.5 billion in 2021 after a $110 million Series E
    led by Silver Lake Waterman.
    -> acquisition | SmartRecruiters | by SAP | announced
    -> funding | SmartRecruiters | USD 110000000 | E | from Silver Lake Waterman* | at 1500000000 | announced
India's CynLr raises $10 mn in Series A funding from Pavestone, Athera Venture Partners
    -> funding | CynLr | USD 10000000 | A | from Pavestone, Athera Venture Partners | announced
German drone maker Quantum Systems triples valuation to over €3 billion
    Balderton led a €180 million extension of its Series C, joined by Hensoldt, Airbus and Porsche SE.
    -> funding | Quantum Systems | EUR 180000000 | C | from Balderton*, Hensoldt, Airbus, Porsche SE | at
       3000000000 | announced
Figure CEO: we turned down acquisition offers
    Brett Adcock said the company has no plan to sell.
Rocket Lab completes acquisition of Geost for $275 million
    -> acquisition | Geost | by Rocket Lab | USD 275000000 | closed
Physical Intelligence raises $600M at $5.6B valuation
    CapitalG led the round. Lux Capital, Thrive Capital, Jeff Bezos, Index Ventures and T. Rowe Price also
    participated, bringing total funding to more than $1 billion.
    -> funding | Physical Intelligence | USD 600000000 | from CapitalG*, Lux Capital, Thrive Capital, Jeff Bezos,
       Index Ventures, T. Rowe Price | at 5600000000 | total 1000000000 | announced
Swiss robotics startup Flexion gets $50 mln from DST Global, NVentures
    -> funding | Flexion | USD 50000000 | from DST Global, NVentures | announced
Tesla invests $2 billion in xAI despite shareholder split
    -> funding | xAI | USD 2000000000 | from Tesla | announced
Galaxea AI bags 1 billion yuan in Series B+ round
    The embodied AI startup's backers include Goldstone Investment, BAIC Capital and Meituan.
    -> funding | Galaxea AI | CNY 1000000000 | B+ | from Goldstone Investment, BAIC Capital, Meituan | announced
Robotaxi price war looms as Baidu cuts fares
    Baidu has invested 10 billion yuan a year in autonomous driving.
Coatue, Thrive lead $1 billion funding for AI chip startup Etched
    -> funding | Etched | USD 1000000000 | from Coatue*, Thrive* | announced
Sources: Apple weighed bid for robotics startup Prosper
    Talks ended last year, the people said.
    -> acquisition | Prosper | by Apple | rumoured
Robot makers rally as Tesla confirms Optimus V3 date
Formlabs in $45m deal to acquire 3D printing software firm Micronics
    -> acquisition | Micronics | by Formlabs | USD 45000000 | announced
Series B funding round
    Orbital Forge is pleased to announce our series B funding round of $600 million.
    -> funding | Orbital Forge | USD 600000000 | B | announced
An AI policy for today: Ambitiously Invest in Standards Labs
Chip firm enters server market with bold acquisition
Series C Announcement
    Today we are excited to announce our $150m Series C round, led by General Capital.
Bots Take Over the Office
Acme raises $5M
    The buy should also expand Acme's reach.
    -> funding | Acme | USD 5000000 | announced
Acme to be bought by Beta in a deal that values it at $2 billion
    -> acquisition | Acme | by Beta | USD 2000000000 | announced
Orbit and Tern agree to all-stock merger
    -> acquisition | Tern | by Orbit | announced
"""
