"""What English reports of events look like, and what is no event. Weights and grammar are by hand."""

from __future__ import annotations

from bot.classify.events.cues import Cue, cues
from bot.classify.events.cues_en_deals import DEALS

# Up to so many words between two parts of a phrase; possessive inside, so that it stays linear.
_W2, _W4, _W7 = (rf"(?:[^\s;:]++ ){{0,{n}}}?" for n in (2, 4, 7))
_JOB = (
    r"(?:ceo|cto|cfo|coo|cmo|cio|cpo|cso|c-suite|president|chair(?:man|woman|person)?|chief\b|director|heads?\b|"
    r"lead\b|vice president|vp\b|svp|evp|"
    r"general manager|managing partner|general partner|partner\b|leader|boss|board)"
)
_GROUP = (
    r"(?:teams?|divisions?|units?|labs?|laborator(?:y|ies)|departments?|subsidiar(?:y|ies)|joint ventures?|"
    r"task force|working group|group|"
    r"(?:research|development|innovation|engineering|r&d|design|tech(?:nology)?) (?:cent(?:er|re)|hub|institute|"
    r"office)|"
    r"headquarters|hq|institute|spin-?off|spinout|new (?:company|business))\b"
)
_AUTHORITIES = (
    r"regulators?|watchdogs?|ftc|sec|nhtsa|faa|fcc|fda|doj|dmv|cpuc|eu|european (?:commission|union)|commission|"
    r"brussels|"
    r"congress|senate|house|lawmakers|parliament|white house|government|ministry|commerce department|"
    r"justice department|cma|cfius|cade|"
    r"court|judge|beijing|china|us|u\.s\.|uk|u\.k\.|trump|administration|authorit(?:y|ies)|agency|antitrust|"
    r"california|state|city|prosecutors"
)
_AUTHORITY = rf"(?:{_AUTHORITIES})(?!\w)"

PARTNERSHIP: tuple[Cue, ...] = tuple(
    cues(
        "partnership",
        (3.0, "partners|partner|partnered|partnering", r"@ (?:up )?(?:with|to|on|for|in)\b"),
        (
            2.6,
            "partnership|strategic partnership|partnerships|alliance|collaboration|collaborations|"
            "strategic cooperation|tie-up",
            r"@(?! (?:with|between) (?:humans|people))",
        ),
        (
            3.0,
            "teams up|team up|teamed up|teaming up|joins forces|join forces|joined forces|joining forces|"
            "collaborates|collaborate|collaborating|allies with|tie up with|ties up with|pairs up",
        ),
        (
            3.0,
            "signs|signed|inks|inked|strikes|strike|struck|sign|reaches|reach|wins|won|win|awarded|awards|lands|"
            "secures|gets|bags|clinches",
            rf"@ (?!down\b){_W7}(?:contracts?|agreements?|mou\b|memorandum|pacts?|deals?|orders?|partnership|"
            rf"tender|alliance)\b"
            r"(?!.{0,30}(?:shutdown|tariff|trade\b|nuclear|ceasefire|peace|acqui|merge|series|to buy))",
        ),
        (
            2.4,
            "selects|selected|picks|taps|tapped|chooses|chosen|chose|enlists|contracts",
            r"@ (?:[\w&.'-]++ ){0,5}?(?:to (?:deliver|build|supply|provide|develop|power|deploy|make|bring|run|"
            r"boost|help|automate|lead)|for|as|by)\b",
        ),
        (
            2.4,
            "order|orders|purchase order|contract|contracts|supply agreement|supply deal",
            r"(?:robots?|units?|drones?|vehicles?|million|billion|multi-?year|supply|purchase|framework|\d+) @|"
            r"@ (?:for|from|of|worth|with)\b(?! (?:court|the day))",
        ),
        (
            2.2,
            "delivers|delivered|supplies|supply|deploys|deploy|deployed|to deploy|deployment",
            r"@ .{0,80}? (?:to|at|with|for|across|in) .{0,40}(?:department|police|army|navy|air force|hospital|"
            r"warehouses?|customers?|plants?|factor(?:y|ies)|fleets?|stores|airport|port)",
        ),
        (
            -2.6,
            "deal|deals|partnership|pact|agreement|contract|contracts|contracts",
            r"(?:democrat|republican|senate|trump|china|\bxi\b|iran|summit|trade|spending|nuclear|prime minister|"
            r"court|ceasefire|politician).{0,70}@|@.{0,60}(?:democrat|republican|senate|\bxi\b|iran|ceasefire|"
            r"summit|politician|minister|\bpm\b)",
        ),
        (
            2.0,
            "joint development|jointly develop|jointly|co-develop|integrates with|work together|works with|"
            "working with|to work with|memorandum of understanding|mou|licensing deal|licenses",
        ),
    )
)

LAUNCH: tuple[Cue, ...] = tuple(
    cues(
        "launch",
        (
            2.8,
            "launches|launched|launching|launch|to launch|relaunches",
            rf"@ (?!{_W4}(?:investigation|probe|lawsuit|inquiry|attack|strikes?|missiles?|offensive|appeal|war\b|"
            rf"raid|review\b|crackdown|"
            rf"bid\b|campaign|petition|hunt|mission|rocket|satellites?|(?<!model )(?:venture )?funds?\b|{_GROUP}))",
        ),
        (
            3.0,
            "unveils|unveiled|unveil|introduces|introduced|introducing|debuts|debuted|rolls out|rolled out|"
            "rolling out|roll out|releases|released|release"
            "|open-sources|open sources|open-sourced|previews|previewing|ships|unwraps",
            rf"@ (?!{_W4}(?:results|earnings|report\b|data on|figures|statement|letter|documents?|files\b|"
            rf"(?:\w+ )?plan\b|policy|rules?\b|guidelines|from (?:prison|jail)|findings|study|paper|dashcam|"
            rf"footage|(?:dem)?ographic))",
        ),
        (
            2.6,
            "announces|announced|announcing|reveals|revealed|showcases|showcased|shows off|demonstrates|demos|"
            "presents|teases|teased|announce",
            r"@ (?:\S+ ){0,4}?(?:(?:next|new|first|latest|third|second|\w+)-?(?:gen(?:eration)?)\b|new\b|"
            r"robots?\b|humanoids?\b|models?\b|platforms?\b|chips?\b|"
            r"vehicles?\b|robotaxis?\b|drones?\b|app\b|features?\b|availability|phones?\b|earbuds|processors?\b|"
            r"ev\b|suv\b|glasses)",
        ),
        (
            2.6,
            "mass production|series production|volume production|begins production|starts production|"
            "start of production|starts shipping|begins shipping|begins deliveries|first deliveries|"
            "starts deliveries|production line",
        ),
        (
            2.8,
            "public preview|now available|generally available|general availability|is available|available on|"
            "available for|goes live|is here|has arrived|arrives|available in|comes to|coming to|now supports|"
            "preorders|pre-orders|preorder|pre-order|on sale|goes on sale",
        ),
        (
            2.2,
            "adds|upgrades|upgraded|updates|updated|expands|opens|upgrading|debut|starts|begins|brings|bringing|"
            "gets|is getting|are getting",
            r"@ (?:\S+ ){0,5}?(?:features?|support|services?|robotaxis?|rides?|driverless|models?|version|app\b|"
            r"subscription|tools?|editor|mode\b|platforms?|waitlist|testing|operations?|pilot|updates?|"
            r"capabilit\w+|\bai\b)",
        ),
        (
            1.8,
            "new version|beta|rumor|rumored|insider says|release date|price|starts at|will cost|flagship|"
            "next-generation|world's first|all-new|optimized",
        ),
        (1.4, "launch|released|launched|unveiled|available|introduced|unveiling|expands to|rollout"),
        (
            2.0,
            "made|makes|built|builds|developed|develops",
            r"@ (?:an? |its first |the first |the world's )(?:\S+ ){0,4}?(?:robot|humanoid|drone|cleaner|"
            r"exoskeleton|vehicle|hand|arm)\b",
        ),
        (-1.5, "launch|launched|release|released", r"(?:after|since|following|before|ahead of) (?:\w+ ){0,3}?@"),
    )
)

TEAM: tuple[Cue, ...] = tuple(
    cues(
        "team",
        (
            3.4,
            "forms|form|formed|forming|sets up|set up|setting up|creates|created|creating|establishes|established|"
            "establish|builds|build|building|built|assembles|assembling"
            "|launches|launched|launch|opens|opened|opening|starts|started|starting|to open|unveils|announces|"
            "spins up|spins out|spins off|stands up|expands",
            rf"@ (?:up )?(?!funding|series|seed|[$€£]){_W7}(?<!project )(?<!funding ){_GROUP}(?! (?:round|"
            rf"of robots|to beat|stage|play))",
        ),
        (
            3.0,
            "hires|hiring|hire|recruits|recruiting|recruit|poaches|poached|to hire|job openings|hiring spree|"
            "headcount|new hires",
            rf"@(?! {_W4}(?:{_JOB}|car\b|purchase|bank))",
        ),
        (
            2.6,
            "reorganizes|reorganises|reorganization|reorganisation|restructures|restructuring|reshuffles|reshuffle|"
            "overhauls|consolidates|disbands|dissolves|dissolved|dismantles",
            r"@(?! (?:debt|plan with creditors))",
        ),
        (
            3.0,
            "joint venture|jv",
            r"(?:form|forms|formed|forming|set up|sets up|launch|launches|create|creates|establish\w*|new|build|"
            r"announce\w*) (?:\S+ ){0,4}?@",
        ),
        (
            2.0,
            "robotics team|ai team|research lab|new lab|new team|new division|new unit|r&d center|engineering hub|"
            "new office|relocates|moves its headquarters|european headquarters|small team",
        ),
        (1.4, "team|division|lab|joint venture|headquarters"),
        (
            -2.2,
            "team|squad",
            r"(?:world cup|league|football|soccer|cricket|basketball|olympic|national|esports|baseball|player|"
            r"coach|match|season).{0,60}@|@.{0,60}(?:world cup|league|football|soccer|cricket|basketball|olympic|"
            r"player|coach|match|season|trophy|squad)",
        ),
    )
)

LEADERSHIP: tuple[Cue, ...] = tuple(
    cues(
        "leadership",
        (
            3.4,
            "appoints|appointed|appoint|appointing|names|named|name|promotes|promoted|promote|elevates|elects|"
            "elected|taps|tapped|hires|hired|hire|picks|recruits|nominates",
            rf"@ (?:\S++ ){{0,7}}?(?:as |to |its |new |be |the )*+(?:\w+ )?{_JOB}",
        ),
        (
            3.4,
            "steps down|stepping down|step down|stepped down|resigns|resigned|resign|resignation|ousted|ousts|"
            "departs|departing|departure|exits|retires|stepping aside|quits|quit",
            r"@(?! (?:market|the market|iran|deal|smoking|africa|china|russia|bankruptcy|stealth))",
        ),
        (
            3.2,
            "leaves|leave|leaving|left|to leave|out as|fires|fired|joins|joined|to join|returns",
            rf"@ (?:\S++ ){{0,6}}?(?:as |to |its |new |the |company|firm)*+(?:{_JOB}|company\b|firm\b|"
            rf"[\w-]* ?start-?up\b)",
        ),
        (
            3.0,
            "leaves|leave|leaving|left|to leave|exit|out|fired|joins|joined|departs",
            rf"{_JOB} (?:(?:and|of|at|for) )?(?:\S++ ){{0,6}}?@\b(?! of)",
        ),
        (
            3.0,
            "new ceo|new chief|new cto|new cfo|new president|new chairman|next ceo|as ceo|as its ceo|"
            "as chief executive|succeeds|successor|succession|takes the helm|at the helm|interim ceo|"
            "leadership change|executive shakeup|executive shake-up",
        ),
        (
            -2.5,
            "appoints|appointed|named|names",
            r"@ (?:\S++ ){0,4}?(?:trustee|receiver|administrator|liquidator|special counsel|in (?:lawsuit|suit)|"
            r"ambassador|after)",
        ),
        (
            -2.5,
            "names|named|nominates|elects|elected|steps down|resigns",
            r"(?:fed chair|federal reserve|prime minister|minister|senator|governor|pope|mayor|parliament|coach|"
            r"ambassador|judge).{0,80}@|@.{0,80}(?:\bfed\b|federal reserve|prime minister|minister|senator|"
            r"governor|pope|mayor|parliament|coach|ambassador|supreme court|best\b|in epstein)",
        ),
    )
)

RESEARCH: tuple[Cue, ...] = tuple(
    cues(
        "research",
        (4.5, "arxiv", r"@:? ?\d{4}\.\d{4,5}|@"),
        (3.0, "abstract", r"@:"),
        (
            3.0,
            "researchers|scientists|engineers|physicists|roboticists|neuroscientists|biologists|chemists|"
            "astronomers|academics|a team",
            r"@ (?:(?!say|says|warn|fear|expect|raise|discuss|explain|quit|leave|join|"
            r"found a flaw)\S+ ){0,6}?(?:develop|creat|build|built|design|demonstrat|show|find|found|discover|"
            r"teach|train|"
            r"propos|present|report|successfully|unveil|reveal|made|make|invent|mimic|use|using|achiev|have|"
            r"are trying|identif|uncover|observ|introduc|engineer|test)",
        ),
        (
            2.8,
            "study|studies|paper|research|trial",
            r"(?:new|recent|a|latest|published|the|joint|clinical|landmark) @ (?:(?:from|by|in|published|led|on|"
            r"of) (?:\S+ ){0,5}?)?(?:shows?|finds?|found|suggests?|reveals?|says|published|demonstrat\w+|presents?|"
            r"propos\w+|introduc\w+|describes?|identif\w+|links?)",
        ),
        (
            2.8,
            "published|appears|appeared|described",
            r"@ (?:\S+ ){0,3}?in (?:the )?(?:journal|nature|science|cell|ieee|pnas|proceedings|physical review)",
        ),
        (
            2.4,
            "state of the art|state-of-the-art|preprint|peer-reviewed|novel method|we propose|we present|"
            "we introduce|neural network|benchmark|dataset|ablation|experiments show|reinforcement learning|"
            "imitation learning|sim-to-real",
        ),
        (
            2.4,
            "is being developed|breakthrough|study finds|study shows|study suggests|researchers at|scientists at|"
            "university researchers|research team|lab-grown|prototype|proof of concept|phd student|learning from|"
            "deep reinforcement learning|multimodal|diffusion",
        ),
        (1.6, "researchers|scientists|study|university|experiment|experiments|algorithm|paper|designed for"),
        (
            -1.2,
            "study|paper|university",
            r"(?:market|case|white|industry|analyst|toilet|wall\s?paper|state|attend\w*|students?) @|@ (?:abroad|"
            r"mill|towels?)",
        ),
    )
)

REGULATION: tuple[Cue, ...] = tuple(
    cues(
        "regulation",
        (
            3.0,
            "approves|approved|approve|approval|approvals|clears|cleared|greenlights|greenlit|green light|"
            "permission|permits|permit|allows|allowed|authorizes|authorised|authorized|license|licence|"
            "certification|certified|certifies",
            rf"(?:{_AUTHORITY}.{{0,60}}@|@.{{0,60}}\b{_AUTHORITY}|\b(?:gets|wins|receives|secures|granted|obtains|"
            rf"awarded|seeks?|full|conditional|final|regulatory|driverless|testing|robotaxi|operating|"
            r"export|sales?|safety|type|banking|bank)\b (?:\S+ ){0,5}?@)",
        ),
        (
            3.0,
            "bans|ban|banned|blocks|block|blocked|prohibits|restricts|restrictions|sanctions|export control|"
            "export controls|outlaws|halts|suspends|orders|blacklists|blacklisted|lifts|revokes|pulls|fines|fined|"
            "fine|curbs|limits|tightens|grounds|drops",
            rf"(?:\b{_AUTHORITY}.{{0,60}}@|@.{{0,50}}\b{_AUTHORITY}|export (?:controls?|ban|curbs))",
        ),
        (
            2.8,
            "investigation|investigates|investigating|probe|probes|probing|inquiry|recall|recalls|antitrust|"
            "lawsuit|sues|sued|suing|charges|settles|settlement|indicts|subpoena",
            rf"(?:\b{_AUTHORITY}.{{0,80}}@|@.{{0,60}}\b{_AUTHORITY}|\b(?:safety|federal|opens?|launches?|"
            rf"class-action|crash|autopilot|fsd)\b (?:\S+ ){{0,4}}?@)",
        ),
        (
            2.6,
            "tariff|tariffs",
            r"(?:raise\w*|impos\w+|hikes?|slap\w*|lower\w*|cuts?|new|lifts?|vows?|threaten\w*|apply|exempt\w*|"
            r"agree\w*).{0,50}@",
        ),
        (
            2.6,
            "bill|law|laws|legislation|act|rule|rules|regulation|regulations|framework|guidelines|standards|"
            "standard|executive order|policy|policies|directive|guidance|ordinance|mandate",
            rf"(?:\b(?:pass\w*|sign\w*|propos\w+|introduc\w+|draft\w*|issu\w+|releas\w+|unveil\w*|adopt\w*|new|"
            rf"publish\w*|enact\w*|finaliz\w+|requir\w+|ai|safety|federal|national|state|"
            rf"{_AUTHORITIES}) (?:\S+ ){{0,4}}?@\b)(?! (?:of thumb|deviation))",
        ),
        (2.4, "regulator|regulators|regulatory approval|regulatory|watchdog|rules against|ruling|antitrust|monopoly"),
        (2.0, "nhtsa|ftc|faa|fda|cpuc|dmv|lawmakers|senate bill|public comment|legalize|legalise|opt out"),
        (
            -1.5,
            "law|rules|court|policy",
            r"@ (?:firm|school|of (?:attraction|the jungle)|students?)|(?:tennis|basketball|food|in-?) @|"
            r"murder .{0,40}@|@.{0,40}murder",
        ),
    )
)

RESULTS: tuple[Cue, ...] = tuple(
    cues(
        "results",
        (
            3.0,
            "earnings|quarterly results|financial results|annual results|first-quarter|second-quarter|"
            "third-quarter|fourth-quarter|q1 results|q2 results|q3 results|q4 results|full-year results|"
            "interim results|half-year|net income|net loss|net profit|ebitda|fiscal",
        ),
        (
            2.8,
            "revenue|revenues|sales|profit|profits|shipments|deliveries|exports|output|income|orders|gdp|economy|"
            "subscribers|installations|loss|losses|inflation|unemployment|margin",
            r"(?:record|quarterly|annual|reports?|posts?|first ever|global|total|monthly|net|operating|"
            r"q[1-4]) (?:\S+ ){0,3}?@|"
            r"@ (?:(?!\$)\S+ ){0,4}?(?:rises?|rose|f[ae]lls?|fell|grew|grows?|jump\w*|surg\w+|climb\w*|declin\w+|"
            r"drop\w*|up|down|soar\w*|plung\w+|tripl\w+|doubl\w+|expand\w*|slump\w*|reach\w*|hits?|topp\w+|beats?|"
            r"miss\w*|growth|slips?|widen\w*|narrow\w*) ?\b",
        ),
        (
            2.6,
            "shares|stock|stocks|nasdaq|s&p|dow|index|futures|bitcoin|gold|silver|oil|yields|dollar|yen|bonds",
            r"@ (?:\S+ ){0,4}?(?:rises?|rose|falls?|fell|jump\w*|surg\w+|climb\w*|declin\w+|drop\w*|soar\w*|"
            r"plung\w+|tumbl\w+|slid\w*|slip\w*|gain\w*|rall\w+|sinks?|hits?|slump\w*|crash\w*|edge\w*|close\w*|"
            r"open\w*|up|down) ?\b",
        ),
        (
            2.4,
            "beats estimates|misses estimates|beat estimates|year over year|year-over-year|year on year|"
            "year-on-year|market share|per share|tops estimates|consensus estimate|raises guidance|guidance|"
            "outlook|price target|full-year forecast|delivery figures|annual report|raises price target",
        ),
        (
            2.2,
            "sold|shipped|delivered|produced|units|market size|market to reach|cagr|forecast|forecasts",
            r"@ (?:(?:more than|over|about|nearly|a record) )?\d|record @|\d @|(?:market size|market to reach|cagr)",
        ),
        (1.2, "revenue|quarter|profit|sales|statistics|per cent|percent"),
        (
            -1.5,
            "revenue|profit|stock|stocks|sales",
            r"(?:in|on|for|of) (?:annual|recurring) @|non-?@|for @|recurring @",
        ),
    )
)

LAYOFFS: tuple[Cue, ...] = tuple(
    cues(
        "layoffs",
        (
            3.8,
            "layoffs|layoff|lays off|laid off|lay off|laying off|job cuts|redundancies|workforce reduction|"
            "mass firing|pink slips|retrenchment|retrenches|headcount reduction|reduction in force|furloughs",
        ),
        (
            3.6,
            "cuts|cut|cutting|slashes|slash|slashing|axes|eliminates|eliminate|eliminating|sheds|trims|reduces|"
            "to cut|fires|culls|scraps|shrinks",
            r"@ (?:(?!price|cost|from)\S+ ){0,5}?(?:jobs|staff|workers|workforce|employees|roles|positions|"
            r"headcount|staffers)\b",
        ),
    )
)

# What is no event of these: opinion, advice, reviews, shopping, round-ups, politics. Titles only.
OTHER: tuple[Cue, ...] = tuple(
    cues(
        "other",
        (
            2.6,
            "review|hands-on|opinion|podcast|editorial|newsletter|enewsletter|roundup|round-up|the download|weekly|"
            "week in review|this week in|recap|tutorial|explainer|explained|interview|q&a|webinar|quiz|obituary|"
            "live updates|blogs|gift guide|horoscope|a retrospective|letter from|best of|video friday|fireside",
            r"@(?! (?:board|panel|committee|plan|meeting|sales))",
        ),
        (
            2.4,
            "how|why|what|when|where|who|is|are|can|should|will|do|does|inside",
            r"(?:^|[:|] ?)@\b(?! (?:has|is) (?:raised|acquired|launched|here|now))",
        ),
        (
            1.4,
            "how|why|what to|what you|what we|lessons|guide to|ways to|things to|tips|everything you need|"
            "need to know|here's|you can",
        ),
        (
            2.4,
            "best|top",
            r"^(?:the )?(?:\d+ )?@ (?:\d|\w+ (?:deals|robot vacuums|phones|laptops|tv|tools|companies|gifts))|"
            r"\d+ @|@ \d+\b",
        ),
        (
            2.6,
            "deals|discount|coupon|promo code|prime day|black friday|% off|off today|lowest price|save $|sale",
            r"@(?! (?:of|with|to))(?:.{0,40}(?:\$|%|best|today|amazon)|$)|(?:best|early|today's|prime|amazon|"
            r"\d%).{0,40}@",
        ),
        (
            1.6,
            "companies to watch|predictions|trends|the future of|list of|viral|goes viral|documentary|warns|thinks|"
            "denies|wants|fears|believes|urges|slams|claims|calls for|explain",
        ),
        (
            1.8,
            "killed|attack|attacks|missile|missiles|war|ukraine|iran|gaza|murder|police|arrested|jailed|election|"
            "troops|convicted|guilty|military|hackers|hacked|ransomware|malware|vulnerability|cve|shutdown|"
            "migrants|corruption|bribery|robbery",
        ),
        (0.8, "says", r"@(?!$| -)"),
        (
            2.4,
            "death penalty|prison|manslaughter|assault|fentanyl|opioid|sentenced|terrorist|suspect|spying|hostage|"
            "ballistic",
        ),
        (2.2, "trailer|movie|film|gameplay|album|documentary"),
        (1.4, "world cup|premier league|nfl|nba|season|episode"),
        (1.2, "?"),
    )
)

ENGLISH: tuple[Cue, ...] = (
    *DEALS,
    *PARTNERSHIP,
    *LAUNCH,
    *TEAM,
    *LEADERSHIP,
    *RESEARCH,
    *REGULATION,
    *RESULTS,
    *LAYOFFS,
    *OTHER,
)
