"""What English reports of deals look like: fundings, acquisitions, listings. Weights and grammar are by hand."""

from __future__ import annotations

from bot.classify.events.cues import Cue, cues

# Up to so many words between two parts of a phrase; possessive inside, so that it stays linear.
_W2, _W4, _W7 = (rf"(?:[^\s;:]++ ){{0,{n}}}?" for n in (2, 4, 7))
_MONEY = (
    r"(?:us|c|a|s|hk|nt)?[$€£¥₹₩] ?\d|(?:usd|eur|gbp|rmb|cny|rs\.?|inr) ?\d|\d[\d.,]*+ ?(?:k|m|mn|bn|"
    r"b)\b(?! (?:users|people|units))"
    r"|(?:\d[\d.,]*+|multi) ?-?(?:million|billion|crore|lakh)s?\b(?! (?:users|people|units|robots|miles|customers|"
    r"jobs|yen the))"
)
_ROUND = (
    r"(?:pre-?)?series [a-k]\b|(?:pre-?)?seed\b(?! (?:oil|bank))|funding\b|financing\b|(?:new |fresh )capital\b|"
    r"venture capital"
    r"|growth round|equity round|bridge round|funds?\b(?! manager)|(?:strategic |new )?investment\b|backing\b"
)
_THING = (
    r"(?:price|guidance|forecast|outlook|estimate|target|rating|dividend|rates?|tariff|tax|bar|stake|alarm|threat|"
    r"concern|question|"
    r"doubt|awareness|hope|eyebrow|fear|issue|wage|pay|stakes|limit|cap\b|debt ceiling|minimum|flag|profile|voice|hand)"
)

FUNDING: tuple[Cue, ...] = tuple(
    cues(
        "funding",
        (
            3.4,
            "raises|raised|raise|raising|has raised|hauls in|pulls in|pulled in|rakes in",
            rf"@ (?!{_W2}{_THING}){_W7}(?:{_MONEY}|{_ROUND})",
        ),
        (
            3.2,
            "secures|secured|lands|landed|nabs|nabbed|bags|bagged|closes|closed|snags|snagged|scores|gets|receives|"
            "received|picks up"
            "|grabs|nets|attracts|attracted|banks|collects|completes|completed|wins|finalizes|finalises|announces|"
            "announced|obtains|seals",
            rf"@ (?!{_W7}(?:contract|order|grant|deal with|award|acquisition|takeover|merger|permit|approval|ipo|"
            rf"fine\b)){_W4}(?:"
            rf"(?:{_MONEY}){_W4}(?:(?:{_ROUND})|round|from |led by|to (?:build|develop|scale|expand|bring|make|"
            rf"accelerate|grow))"
            rf"|(?:(?:pre-?)?series [a-k]\b|(?:pre-?)?seed (?:round|funding)|(?:funding|financing|equity|"
            rf"bridge) round))",
        ),
        (
            2.2,
            "series a|series b|series c|series d|series e|series f|series g|pre-seed|preseed|seed round|"
            "seed funding|funding round|financing round"
            "|venture round|pre-series a|growth round|strategic round|round of funding|round of financing|"
            "in funding|in seed|bridge round|in financing",
        ),
        (
            2.0,
            "leads|led|co-led|co-leads|leading|joins|joined|anchors",
            rf"@ (?:by )?{_W4}(?:round|series [a-k]\b|funding|financing|seed)",
        ),
        (
            2.4,
            "invests|invested|invest|investing|pours|pour|poured|pumps|pump|puts|put|injects|inject|commits|commit|"
            "sinks|pledges|pledge",
            rf"@ {_W4}(?:{_MONEY}){_W4}(?:in|into|for)\b(?!.{{0,60}}(?:plants?\b|factor(?:y|ies)|data cent|facilit|"
            rf"manufactur|infrastructure|"
            r"over the next|by 20\d\d|\bjobs|expansion|campus|capacity|headquarters))",
        ),
        (
            2.0,
            "invests|invested|investment|strategic investment|investing",
            r"@ in (?!(?:ai|research|the future|people|itself|new)\b)",
        ),
        (1.6, "backs|bets on|doubles down on", r"@ (?!(?:down|up|off|out|away)\b)"),
        (
            3.0,
            "stake|stakes",
            rf"(?:tak(?:es?|ing)|took|acquires|buys|buy|bought) {_W4}(?:minority|small|strategic|non-controlling) @",
        ),
        (
            2.6,
            "in talks|seeks|seeking|looks|looking|aims|plans|eyes|considers|set|close|nears|poised",
            rf"@ {_W2}(?:to )?rais(?:e|ing) {_W7}(?:{_MONEY}|{_ROUND})",
        ),
        (2.4, "funding|valuation|valued at|valuing|values", rf"@ (?:\w++ ){{0,5}}?(?:{_MONEY})"),
        (1.6, "valuation|startup funding|pre-money|post-money|venture funding|oversubscribed|term sheet"),
        (1.2, "funding|financing|backed by|investors|raised"),
        (-2.5, "funding|raises|raise|raised|raising", rf"@ {_W2}{_THING}"),
        (
            -2.0,
            "funding|raise|raises",
            r"(?:cuts?|slash(?:es)?|federal|government|research|nih|state|school|spending|war) @",
        ),
    )
)

ACQUISITION: tuple[Cue, ...] = tuple(
    cues(
        "acquisition",
        (
            3.2,
            "acquires|acquired|acquire|acquiring",
            r"@ (?!(?:\w++ ){0,3}?(?:data|skills?|knowledge|language|images?|signals?|taste|capabilit|abilit|"
            r"targets?|immunity|customers|users|"
            r"experience|traits?|behaviou?rs?|syndrome|licen[cs]e)\b)(?:[\w$€£'\"]|its|the)",
        ),
        (3.0, "acquisition", r"@ (?:of|by|talks|deal|offer|bid|target|agreement)\b"),
        (
            3.0,
            "acquisition",
            r"(?:'s|complet\w+|announc\w+|clos\w+|block\w+|approv\w+|clear\w+|propos\w+|[bmk]|illion|kills?|"
            r"unwind\w*) (?:(?!data|skill|image|signal|talent)[\w$]++ ){0,4}?@",
        ),
        (
            2.6,
            "buys|bought|buying|buyout|to buy|snaps up|snapped up|scoops up|scooped up|gobbles up",
            r"@ (?!(?:time|into|back|shares|stocks?|the dip|a (?:house|home|car)|guide|one|more|homes)\b)",
        ),
        (
            3.0,
            "takes over|took over|takeover|taken over|take over|buyout|buy-out",
            r"@ (?!(?:as|the (?:world|role|job|helm|reins)|from|your|our|everything|by police)\b)",
        ),
        (3.0, "merger|mergers|merges|merge|merged|merging", r"@(?:$|[.,;]| (?!lanes?|conflict))"),
        (2.8, "stake|stakes", r"(?:majority|controlling|\d+(?:\.\d+)?%|per ?cent|whole|entire|remaining) @"),
        (
            2.0,
            "stake",
            r"(?:tak\w+|buy\w*|acquir\w+|sell\w*|sold|sale of|raises?d?|raising) (?:\w++ ){0,4}?@ (?:in|sale|of)\b",
        ),
        (
            2.6,
            "sells|sold|divests|divest|divestiture|offloads|to sell|spins off|spin off",
            rf"@ (?:its|the|their|off|majority|control)? ?{_W4}(?:business|unit|arm|division|subsidiary|stake|"
            rf"operations|assets|brand)\b",
        ),
        (
            3.2,
            "merger|acquisition|takeover|deal to buy",
            r"(?:cancel\w*|terminat\w*|scrap\w*|abandon\w*|drops?|block\w*|ends?|walks? away from) (?:\S+ ){0,6}?@",
        ),
        (
            2.0,
            "all-stock deal|all-cash|acqui-hire|acquihire|m&a|hostile bid|tender offer|take-private|take private|"
            "buyout firm|definitive agreement",
        ),
        (-3.2, "acquisition", r"(?:data|skill|image|signal|language|knowledge|talent|customer|user|target|from) @"),
    )
)

IPO: tuple[Cue, ...] = tuple(
    cues(
        "ipo",
        (
            3.4,
            "ipo|ipos|initial public offering|public offering",
            r"(?<!pre-)(?<!pre )(?<!ahead of )(?<!ahead of its )(?<!before )(?<!before its )(?<!after its )"
            r"(?<!since its )@(?! (?:market|"
            r""
            r"window|boom|drought|pipeline))",
        ),
        (1.0, "ipo|initial public offering"),
        (
            3.2,
            "goes public|go public|going public|went public|public listing|public debut|market debut|trading debut|"
            "stock market debut|spac merger|direct listing|blank-check",
        ),
        (
            3.2,
            "listing|list|listed|lists",
            r"@ (?:\w++ ){0,3}?(?:on|in) (?:the )?(?:nasdaq|nyse|new york|hong kong|hkex|shanghai|star market|"
            r"london|bse|nse|tokyo|stock)",
        ),
        (
            2.6,
            "listing|debut",
            r"(?:files? for|shares? .{0,40}|slips? on|soars? (?:on|in)|jumps? (?:on|in)|hong kong|nasdaq|u\.?s\.?|"
            r"plans?) @(?! agent)",
        ),
        (
            3.2,
            "files|filed|prospectus|s-1|f-1|draft prospectus",
            r"@ (?:\w++ ){0,5}?(?:ipo|to go public|for (?:a )?listing|s-1|public offering)|(?:prospectus|\bs-1\b)",
        ),
        (2.0, "underwriters|bookrunners|spac|pre-ipo"),
    )
)

DEALS: tuple[Cue, ...] = (*FUNDING, *ACQUISITION, *IPO)
