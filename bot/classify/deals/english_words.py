"""The closed word lists by which English names are told from the words around them; all in lower case."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ABBREVIATIONS = _words("""inc co corp ltd llc plc s.a u.s u.k e.u st mr ms mrs dr prof no vs jr sr bros gmbh a.i est""")

DETERMINERS = _words("""a an the its their his her our your this that these those another some any both each such""")

PRONOUNS = _words("i you it they he she we who which that itself")

AUXILIARIES = _words(
    """has have had having is are was were be been being will would could may might can should to 's just now also
    confidentially previously earlier formerly initially originally last most recently quietly reportedly
    already again successfully officially today yesterday never ever since still first finally soon once even
    actually formally separately jointly simply newly yet not n't then only apparently allegedly supposedly
    eventually"""
)

# Verbs that stand between the subject and the verb of the deal: "X plans to raise", "X said it has raised".
MODAL_VERBS = _words(
    """plans planned planning aims aimed seeks sought looks looking hopes hoping wants wanted expects expected
    intends agreed agrees agree set ready poised about close nears nearing near moves moved tries trying
    prepares preparing prepared considers considering considered weighs weighing mulls mulling eyes eyeing
    explores exploring decides decided decide vows says said offers offered bids races in talks discussions
    negotiations advanced early rumored rumoured tipped likely due slated scheduled on track going wins won gets
    cleared approval nod approved able allowed forced ordered proposes proposed reaches reached deal agreement
    signs signed definitive binding plan plots plotting moot attempt attempts effort efforts surprise launched
    launches working works confirms confirmed helps halts halted scraps scrapped abandons abandoned pauses
    paused delays delayed postpones postponed shelves shelved calls called canceling cancelling cancels canceled
    cancelled terminates terminating terminated drops dropped begins began starts started continues targets
    targeting targeted kicks kicked consider weigh mull explore seek pursue pursues pursuing propose letter
    intent pleased thrilled excited proud delighted happy"""
)
REPORTING = _words(
    """said says announced announces announcing announce disclosed discloses revealed reveals confirmed confirms
    reported reports told tells shared shares stated states unveiled unveils claims claimed wrote writes added
    notes noted"""
)

PREPOSITIONS = _words(
    """in on at by for from with to of into onto after before amid against over under through during via as about
    toward towards between among across without within following despite including excluding per since until
    while when where because if but or so than then whether like near behind out up off alongside plus"""
)

WEEKDAYS = _words(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december jan feb mar apr jun jul aug sep sept oct nov dec today yesterday"""
)

# The nouns that end a description before a name: "humanoid robot maker Figure", "Rivian spinoff Mind Robotics".
DESCRIPTORS = _words(
    """startup start-up startups start-ups company companies firm firms maker makers manufacturer developer builder
    provider operator unicorn decacorn giant giants specialist platform lab spinoff spin-off spinout spin-out
    subsidiary supplier vendor producer designer pioneer leader upstart venture business outfit chipmaker chip-
    maker carmaker automaker automakers toymaker drugmaker robotmaker shipbuilder marketplace app service
    conglomerate rival competitor retailer studio darling powerhouse innovator newcomer neobank fintech agtech
    biotech edtech healthtech insurtech proptech medtech deeptech insurer lender carrier brand system tool suite
    network distributor integrator startup-maker parent backer investor behemoth titan juggernaut heavyweight
    multinational challenger scaleup scale-up publisher exchange foundry utility owner group fabricator
    alternative creator institute bank project agency entity target manager backed based led founded owned
    powered funded focused listed born bred headquartered incubated"""
)
SUFFIXES = (
    "-based", "-backed", "-founded", "-led", "-focused", "-powered", "-driven", "-native", "-owned", "-funded",
    "-enabled", "-listed", "-headquartered", "-born", "-controlled", "-run", "-linked", "-affiliated", "-incubated",
    "-making", "-maker", "-stage", "-old", "-year-old", "-first", "-era", "-like", "-style", "-related", "-dollar", "-managed",
)  # fmt: skip

# Those of them that also end names.
NAME_ENDS = _words(
    """group lab labs studio company bank network institute ventures systems exchange service project platform"""
)

PEOPLE = _words(
    """engineer engineers founder founders co-founder co-founders cofounder cofounders ceo cto coo cfo chief
    executive executives exec execs veteran veterans researcher researchers scientist scientists alum alumni
    alums duo trio team teams professor professors billionaire billionaires entrepreneur entrepreneurs brothers
    sisters siblings grads grad graduates dropout dropouts student students president chairman chairwoman
    partner partners director boss mogul roboticist tycoon magnate employee employees staffer staffers pioneer
    vet vets vp lead head godfather teenager couple minister spokesperson spokesman spokeswoman senator lawmaker
    analyst analysts investor"""
)

NATIONS = _words(
    """american chinese british german french japanese korean indian israeli canadian australian italian spanish
    swedish norwegian danish finnish dutch swiss austrian polish russian ukrainian turkish brazilian mexican
    singaporean taiwanese vietnamese indonesian malaysian thai saudi emirati african european asian nordic
    estonian irish belgian portuguese greek czech romanian hungarian egyptian nigerian kenyan pakistani us uk
    u.s u.k eu u.s.-based london berlin silicon valley swiss-based parisian"""
)
PLACES = _words(
    """china india japan germany france britain england scotland europe asia africa america canada australia israel
    russia ukraine taiwan singapore vietnam indonesia malaysia thailand korea mexico brazil italy spain sweden
    norway denmark finland netherlands switzerland austria poland turkey egypt nigeria kenya qatar dubai riyadh
    texas california ohio arizona michigan nevada georgia virginia florida washington york london paris berlin
    munich tokyo osaka seoul beijing shanghai shenzhen hangzhou hong kong delhi mumbai bengaluru bangalore
    toronto boston austin detroit chicago states kingdom arabia emirates uae usa us uk u.s u.k eu hungary
    ireland portugal greece iran iraq pakistan philippines argentina chile colombia peru oregon utah colorado
    illinois pennsylvania tennessee carolina kentucky alabama indiana wisconsin minnesota missouri louisiana
    kansas oklahoma iowa latam apac mena east west north south valley suzhou wuhan chengdu guangzhou saarland
    bavaria saxony morocco ghana panama kazakhstan uzbekistan"""
)

# Words that make no name alone, however they are capitalised.
GENERIC = _words(
    """ai robotics robot robots humanoid humanoids autonomous automation drone drones chip chips semiconductor tech
    technology technologies ev evs car cars truck trucks vehicle vehicles self-driving robotaxi robotaxis
    embodied physical data center centers centre centres infrastructure plant plants factory factories research
    development r&d expansion manufacturing production software hardware cloud energy battery batteries nuclear
    solar space defense defence security cybersecurity health healthcare medical surgical warehouse logistics
    delivery quantum computing model models agent agents project projects facility facilities people jobs
    workers workforce training education startup startups company companies firm firms maker makers business
    businesses industry industries market markets sector sectors future growth campus hub site sites world
    global new funding round investment investments investors investor deal deals exclusive report reports
    breaking news update video watch opinion analysis why how what when where who here meet inside first big
    small top best latest next more most man woman family marketing general industrial commercial consumer
    enterprise smart digital online mobile social financial crypto bitcoin blockchain stock stocks shares bonds
    tokens gold oil gas copper lithium land property properties real estate homes houses buildings time things
    generative machine learning gpu gpus ipo ipos series seed ceo cto cfo coo founder spinoff unicorn asset
    government military army navy police ministry congress senate court regulators regulator lawmakers officials
    city state bank banks foundation foundational frontier open source full-stack 3d 2d 4k 4g 5g 6g 24/7 b2b b2c
    saas announcement announcements announcing introducing welcoming celebrating year month week day decade
    quarter century"""
)

# What firms buy that is no firm, when it ends the name of what they buy.
PRODUCTS = _words(
    """chips chip shares share stock stocks gpus gpu robots robot cars trucks planes jets aircraft drones vehicles
    buses licenses license rights patents patent tickets bonds tokens homes houses land bitcoin phones laptops
    tablets processors credits gas oil power electricity copper lithium tanks missiles weapons systems ships ads
    ad data servers batteries content followers time products goods gold wafers equipment satellites reactors
    coverage domain domains"""
)
UNITS = _words(
    """business businesses unit units division divisions arm arms assets operations subsidiary subsidiaries
    department segment branch activities portfolio brand brands team"""
)

FUNDING = _words(
    """funding financing financings round rounds investment raise fundraise fundraising capital backing megaround
    mega-round extension tranche equity seed"""
)
ROUND_NOUNS = _words(
    """funding financing round rounds investment raise fundraise fundraising backing megaround mega-round"""
)

# What may stand between "raises" and the sum or the round.
BEFORE_SUM = _words(
    """a an the its their his her another new fresh over about around nearly almost roughly approximately some more
    than up to as much at least additional further extra whopping massive mega record record-breaking record-
    setting oversubscribed over-subscribed upsized first second third fourth fifth initial latest equity venture
    growth growth-stage early-stage late-stage early late stage seed round rounds of funding financing
    investment capital closing completion close final tranche extension raise fundraise fundraising just well in
    worth combined total private strategic debt hefty huge giant big small monster blockbuster key successful
    insider under north upwards excess cool external outside significant major largest biggest follow-on multi-
    million-dollar multimillion-dollar multimillion multibillion-dollar multi-million multi-year money
    investments backing cash and undisclosed amount sum down bridge institutional that values totalling totaling
    inaugural maiden convertible our most recent pricing mammoth tidy sizable substantial eight-figure nine-
    figure seven-figure eye-watering eye-popping staggering enormous all-equity all-cash minority primary
    secondary us-dollar pre-seed aggregate estimated dollars it has raised raising on registered direct
    underwritten non-brokered brokered public pipe"""
)

# What a sum or a round must not be of: it is no financing of a company then.
NOT_FUNDING = _words(
    """contract contracts order orders revenue revenues sales profit profits fine fines settlement judgment verdict
    award lawsuit damages fund funds bond bonds notes note loan loans salary bonus donation donations donated
    charity relief capex spending budget valuation deficit tariff tariffs tax taxes prize bounty ransom bitcoin
    purchase arms aid expenditure expenditures investments subsidy subsidies savings backlog turnover ebitda
    earnings deposits commitment commitments gift gifts endowment campaign kickstarter indiegogo pre-orders
    preorders preorder box opening bail rent rents wage wages dividend buyback buybacks repurchase stock shares
    market-cap deal deals"""
)

ENDS_CLAUSE = _words(
    """after following months weeks days years since previously earlier having whose before less ahead year month
    week"""
)


# -- verbs of deals --------------------------------------------------------------------------------------------------------

RAISE = _words(
    """raise raises raised raising secure secures secured securing land lands landed bag bags bagged bagging nab
    nabs nabbed net nets netted snag snags snagged snagging bank banks banked attract attracts attracted grab
    grabs grabbed garner garners garnered haul hauls hauled close closes closed closing pull pulls pulled rake
    rakes raked pick picks picked scoop scoops scooped nabbing landing clinch clinches clinched draw draws drew
    lock locks locked pocket pockets pocketed fetch fetches amass amasses amassed obtain obtains obtained bring
    brings brought score scores scored mop mops mopped mobilise mobilises mobilised mobilize mobilizes mobilized"""
)
"""Those after which a sum alone is a financing."""
RECEIVE = _words(
    """get gets got receive receives received receiving win wins won winning announce announces announced
    announcing complete completes completed completing collect collects collected finalize finalizes finalized
    finalise finalises finalised finalizing finalising unveil unveils unveiled seek seeks seeking sought eye
    eyes eyeing eyed near nears nearing up ups upped double doubles doubled extend extends extended extending
    increase increases increased boost boosts boosted launch launches launched emerge emerges emerged exit exits
    exited debut debuts debuted come comes came take takes took taking sign signs signed has had with plan plans
    planning negotiate negotiates negotiating confirm confirms confirmed prices priced upsizes upsized sees
    prepare prepares preparing weigh weighs top tops topped return returns returned kick kicks expand expands
    expanded add adds added target targets targeting discuss discusses discussing"""
)
"""Those that need a word of funding too."""
PARTICLES = _words("in up down off on out from of stealth with mode for")
BUY = _words(
    """acquire acquires acquired acquiring buy buys bought buying purchase purchases purchased purchasing snap
    snaps snapped snapping take takes took taken taking scoop scoops scooped gobble gobbles gobbled swallow
    swallows swallowed swallowing acquihire acquihires acquihired acqui-hire acqui-hires acqui-hired absorb
    absorbs absorbed reacquire reacquires"""
)
BUY_PARTICLES = {
    "snap": "up", "snaps": "up", "snapped": "up", "snapping": "up", "take": "over", "takes": "over", "took": "over",
    "taken": "over", "taking": "over", "scoop": "up", "scoops": "up", "scooped": "up", "gobble": "up", "gobbles": "up",
    "gobbled": "up",
}  # fmt: skip
BUYING_NOUNS = _words("acquisition takeover buyout purchase acquisitions take-over buy-out")
DEAL_NOUNS = _words("deal merger megadeal mega-deal tie-up transaction bid megamerger")
SELL = _words("sell sells sold selling offload offloads offloaded divest divests divested divesting")
MERGE = _words("merge merges merged merging combine combines combined combining")
INVEST = _words(
    """invest invests invested investing pour pours poured pouring pump pumps pumped pumping plow plows plowed
    plough ploughs ploughed sink sinks sank inject injects injected injecting bet bets betting commit commits
    committed put puts putting funnel funnels funneled plunk plunks"""
)
BACK = _words("back backs backed backing")
LEAD = _words("""lead leads led leading co-lead co-leads co-led co-leading anchors anchored colead coled co-invested""")

# -- words of status -------------------------------------------------------------------------------------------------------

CANCELLED = _words(
    """cancel cancels canceled cancelled canceling cancelling terminate terminates terminated terminating scrap
    scraps scrapped scrapping abandon abandons abandoned abandoning block blocks blocked blocking halt halts
    halted halting kill kills killed nix nixes nixed unwind unwinds unwinding unwound withdraw withdraws
    withdrew withdrawn reject rejects rejected prohibit prohibits prohibited collapses collapsed collapse shelve
    shelves shelved axes axed scuttle scuttles scuttled derail derails derailed bars barred"""
)
APPROVED = _words(
    """approve approves approved approving approval clear clears cleared clearance greenlights greenlit greenlight
    green-lights nod waves okays oks unconditional"""
)
TALKS = _words(
    """talks discussions negotiations negotiating negotiates negotiate nears nearing near finalizing finalising
    seeks seeking seek looking looks aims aiming approached discussing discuss raising courting hunting plans
    planning wants hopes targets targeting expects advanced sought"""
)
RUMOURED = _words(
    """weighed considered explored mulled eyed reportedly rumored rumoured rumors rumours rumor considering
    considers consider weighs weighing weigh mulls mulling mull explores exploring eyes eyeing may might could
    allegedly tipped speculation reports sources report"""
)
CLOSED = _words(
    """closes closed close completes completed complete completion closing closure finalizes finalized finalised
    finalises concludes concluded"""
)
BACKGROUND = _words("""previously earlier formerly prior last had ago previous before since already historically""")

# -- words around them -----------------------------------------------------------------------------------------------------

HEADLINE_STOPS = _words(
    """and led raises raise raised secures secured closes closed lands bags nabs nets snags gets acquires buys
    acquired bought invests invest backs joins valued valuing values co-led co-leads leads will is are was has
    have had its it says said seeks plans considers weighs announces completes merges files sells wins takes
    makes launches unveils build builds expand scale not be that who which"""
)
"""What ends a name in a headline that capitalises every word."""

LIST_FILL = _words(
    """existing new returning return current previous prior early strategic institutional insider insiders investor
    investors backer backers shareholder shareholders including include includes included such as like both the
    its a an firm firms vc vcs venture capital fund funds participation support others giants giant lead leads
    angel angels corporate among them by from other former co-founder ceo founder group arm also continued
    additional private equity tech technology chipmaker automaker carmaker maker company companies based london
    beijing san francisco sovereign wealth u.s us chinese japanese korean american german british french
    singaporean singapore state-owned state-backed government-backed global international longtime long-time
    notable and of repeat follow-on significant earlier key major leading several some two three prominent top
    tier many more unnamed undisclosed big large our my handful host bunch slew number dozen"""
)
"""What may stand before a name in a list of investors."""

MAKES = _words(
    """makes made make making announces announced weighs weighing considers considering plans planning eyes eyeing
    completes completed leads led confirms confirmed mulls unveils halts scraps explores doubles"""
)
"""Verbs whose subject makes an investment."""

PROGRAMMES = _words(
    """network program programme initiative project campus center centre plan facility partnership alliance
    institute university school economy region area"""
)
"""What is invested in that is no firm."""

BEFORE_PURCHASE = _words(
    """proposed planned pending $ blockbuster landmark attempted all-cash all-stock cash stock multibillion-dollar
    multimillion-dollar potential possible major massive huge big hostile failed recent new latest the a an
    billion bold strategic surprise rare key second third multi-billion-dollar megadeal friendly blocked
    controversial giant largest biggest record would-be mega-"""
)
"""What may stand between the owner of an acquisition and the noun."""

JUDGES = _words(
    """block blocks blocked blocking approve approves approved clear clears cleared probe probes probing review
    reviews reviewing investigate investigates halt halts halted kill kills killed unwind oppose opposes bar
    bars challenge challenges waves scrutinise scrutinize reject rejects rejected greenlights delay delays order
    orders"""
)
"""Verbs of those who judge a takeover and are no party of it."""

MARKETS = _words(
    """nasdaq nyse exchange market markets trading stock stocks shares bourse hkex hong star sehk lse euronext
    public wall"""
)
"""Words of stock markets."""

LISTING_VERBS = _words(
    """files filed file filing plans plan planning planned eyes eye eyeing considers considering weighs weighing
    prepares preparing targets targeting wants sets set launches launched prices priced pricing delays delayed
    postpones postponed shelves shelved seeks seeking aims submits submitted applies applied kicks starts begins
    hires picks taps mulls explores exploring gets wins completes completed upsizes pulls withdraws slips slumps
    soars jumps surges falls fell fall rises rose drops dropped makes made nears readies expects hopes announces
    announced approved cleared pursues pursuing revives scraps cancels tumbles climbs gains sinks slides popped
    pops doubles"""
)
"""Verbs whose subject goes public."""

LISTED = _words(
    """completes completed priced prices raises raised slips slumps soars jumps surges falls fell fall rises rose
    drops dropped makes made tumbles climbs gains sinks slides popped pops doubles went debuts debuted listed
    lists began closes"""
)
"""Verbs that say that the listing has happened."""

SHARE_WORDS = _words("""shares stock investors ipo slips slumps soars jumps surges falls fell rises""")
"""What is said of shares on the day of a listing."""

WEIGHS = _words(
    """explores exploring explore explored considers considering consider weighs weighing weigh mulls mulling mull
    seeks seeking eyes eyeing nears pursues pursuing plans planning prepares preparing seek"""
)
"""Verbs of those who may sell."""

EXCHANGE_CITIES = _words(
    """stockholm oslo copenhagen helsinki milan madrid amsterdam frankfurt zurich sydney warsaw riyadh dhabi dubai
    jakarta kong london toronto mumbai paris tokyo taipei shanghai shenzhen singapore york u.s us domestic
    mainland local"""
)
"""Where firms are listed."""

GROW = _words(
    """raises raised raise raising ups upped up boosts boosted boost increases increased increase increasing lifts
    lifted hikes hiked doubles doubled builds built"""
)
"""Verbs that make a stake larger."""

STAKE_VERBS = GROW | _words(
    """take takes took taking taken buy buys bought buying acquire acquires acquired acquiring get gets picks
    purchase purchases purchased becomes become became"""
)
"""Verbs that lead to a stake."""

STAKE_FILL = _words(
    """a an minority majority controlling strategic equity new small significant large big further its the %
    percent per cent of direct major up to about another additional undisclosed sizable nearly remaining
    indirect"""
)
"""What may stand between such a verb and the stake."""
