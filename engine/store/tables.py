"""Every table, once, for every database.

Days are proleptic ordinals, moments epoch seconds. Tables whose primary key is the way they are read
are kept in the order of that key (`sqlite_with_rowid=False`). What may hold words from outside is
`Words`; `Text` is for codes and names of ours.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from engine.store.moment import Moment
from engine.store.words import Words

#: What became of the records of a poll.
ACCOUNT = ("read", "new", "revised", "unchanged", "repeated", "skipped", "rejected")

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

# --- the order of commit -----------------------------------------------------------------------

#: One row; every writing transaction that needs a place in the order raises it, holding its lock.
counter = Table(
    "counter", metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)  # fmt: skip

# --- what was reported -------------------------------------------------------------------------

#: One row per revision, never edited. Its number is its place in the order of (known_at, nth), so a
#: revision that arrives late renumbers the others without touching them; `nth` breaks ties.
incident = Table(
    "incident", metadata,
    Column("feed", Text, primary_key=True),
    Column("source_id", Text, primary_key=True),
    Column("known_at", Moment, primary_key=True),
    Column("nth", SmallInteger, primary_key=True, autoincrement=False),
    Column("occurred_at", Moment, nullable=False),
    Column("precision", Text, nullable=False),
    Column("ended_at", Moment),
    Column("areas", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("severity", SmallInteger, nullable=False),
    Column("measures", Text, nullable=False),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("title", Words, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Index(None, "category", "occurred_at"),
    Index(None, "category", "known_at"),
    sqlite_with_rowid=False,
)  # fmt: skip

#: The feed said again what it had said before: the last such moment per cut. Only a correction that
#: arrives late needs it, to know what the feed confirmed afterwards.
sighting = Table(
    "sighting", metadata,
    Column("feed", Text, primary_key=True),
    Column("source_id", Text, primary_key=True),
    Column("known_cut", Integer, primary_key=True, autoincrement=False),
    Column("known_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip

#: From `known_at` on, as far as transaction `seq` knew, an incident told the same event as another and was
#: counted as that one; where `as_feed` is empty it counted again. Of one moment the last transaction holds.
twin = Table(
    "twin", metadata,
    Column("feed", Text, primary_key=True),
    Column("source_id", Text, primary_key=True),
    Column("known_at", Moment, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("as_feed", Text, nullable=False),
    Column("as_id", Text, nullable=False),
    Index(None, "as_feed", "as_id"),
    Index(None, "known_at"),
    sqlite_with_rowid=False,
)  # fmt: skip

#: What people said of two incidents, append-only: that they are two events, or may be one again.
twin_ruling = Table(
    "twin_ruling", metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("feed", Text, nullable=False),
    Column("source_id", Text, nullable=False),
    Column("other_feed", Text, nullable=False),
    Column("other_id", Text, nullable=False),
    Column("apart", Boolean, nullable=False),
    Column("by", Words, nullable=False),
    Column("why", Words, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Index(None, "source_id"),
)  # fmt: skip

reject = Table(
    "reject", metadata,
    Column("id", Integer, primary_key=True),
    Column("feed", Text, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("place", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("record", Words, nullable=False),
    #: SHA-256 of reason and record: a record refused at every poll is one reject.
    Column("digest", Text, nullable=False),
    #: The reason without what is this record's own; empty for one of long ago.
    Column("cause", Words, nullable=False, server_default=""),
    #: What could not be read (place, category, time, ...), and the masked value that was not understood.
    Column("kind", Text, nullable=False, server_default=""),
    Column("value", Words, nullable=False, server_default=""),
    #: What could be read all the same: of which cells it may be a report.
    Column("source_id", Text),
    Column("area", Text),
    Column("category", Text),
    #: The local day it occurred, where that could be read, else the day on which it was seen.
    Column("day", Integer),
    Column("seq", BigInteger, nullable=False, server_default="0"),
    #: When its source knew it, as an incident's `known_at`.
    Column("known_at", Moment),
    #: When, and in which transaction, the same record at last became an incident.
    Column("read_at", Moment),
    Column("read_seq", BigInteger),
    UniqueConstraint("feed", "digest"),
    Index(None, "feed", "day"),
)  # fmt: skip

feed_poll = Table(
    "feed_poll", metadata,
    Column("feed", Text, primary_key=True),
    Column("at", Moment, primary_key=True),
    Column("ok", Boolean, nullable=False),
    Column("detail", Words, nullable=False),
    Column("known_at", Moment, nullable=False),
    Column("seq", BigInteger, nullable=False),
    #: How fresh what the source tells was, as of this poll.
    Column("news_at", Moment),
    #: An archive notes only the polls that brought something.
    Column("archive", Boolean, nullable=False, server_default=false()),
    #: The account: read = new + revised + unchanged + repeated + skipped + rejected.
    *(Column(name, Integer, nullable=False, server_default="0") for name in ACCOUNT),
    sqlite_with_rowid=False,
)  # fmt: skip

#: A history that carries no polls states the stretch over which its feed was heard.
feed_stretch = Table(
    "feed_stretch", metadata,
    Column("feed", Text, primary_key=True),
    Column("begins", Moment, primary_key=True),
    Column("ends", Moment, nullable=False),
    Column("known_at", Moment, nullable=False),
    Column("seq", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip

feed_cursor = Table(
    "feed_cursor", metadata,
    Column("feed", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)  # fmt: skip

#: Every id that an incident of a feed with aliases goes by, and the one it is stored under.
alias = Table(
    "alias", metadata,
    Column("feed", Text, primary_key=True),
    Column("alias", Text, primary_key=True),
    Column("source_id", Text, nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip

#: An id that its feed gave again to another incident, and what that one is stored under.
reused_id = Table(
    "reused_id", metadata,
    Column("feed", Text, primary_key=True),
    Column("source_id", Text, primary_key=True),
    Column("stored_as", Text, primary_key=True),
    sqlite_with_rowid=False,
)  # fmt: skip

#: What a source that shows only what is current has listed, and from how many good polls it is missing.
listed = Table(
    "listed", metadata,
    Column("feed", Text, primary_key=True),
    Column("source_id", Text, primary_key=True),
    Column("missed", Integer, nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip

#: The graph of references of feeds whose messages stand in each other's place: what each message names,
#: and which incidents it tells. A message that only others have named has no kind.
cap_message = Table(
    "cap_message", metadata,
    Column("feed", Text, primary_key=True),
    #: Digest of sender and identifier.
    Column("name", Text, primary_key=True),
    Column("sent", Moment, primary_key=True),
    Column("chain", Text, nullable=False),
    Column("identifier", Text, nullable=False),
    Column("kind", Text, nullable=False),
    #: JSON: [[name, sent], ...]
    Column("names", Text, nullable=False),
    #: JSON: {source id: digest of what and where}
    Column("tells", Text, nullable=False),
    Column("expires", Moment),
    Index(None, "feed", "chain"),
    Index(None, "feed", "identifier"),
    sqlite_with_rowid=False,
)  # fmt: skip

# --- the ledger of counts ----------------------------------------------------------------------

area_code = Table(
    "area_code", metadata,
    Column("id", Integer, primary_key=True),
    Column("code", Text, nullable=False, unique=True),
)  # fmt: skip

#: Which indicator is booked under which id. An indicator whose filter, tree or calendar changed is
#: booked anew under a new id; the old rows stay for whoever replays an old run.
ledger = Table(
    "ledger", metadata,
    Column("id", Integer, primary_key=True),
    Column("indicator", Text, nullable=False),
    #: Hash of the area tree and the calendar it is booked under.
    Column("ground", Text, nullable=False),
    Column("since_seq", BigInteger, nullable=False),
    #: The first transaction that no longer booked it; NULL while it is kept up.
    Column("until_seq", BigInteger),
    #: While what was stored before is being counted, the last incident that was: JSON [feed, source id].
    Column("reached", Text),
    Index(None, "indicator"),
)  # fmt: skip

#: Append-only signed deltas, in the order of commit.
tally = Table(
    "tally", metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("ledger", Integer, primary_key=True, autoincrement=False),
    Column("area", Integer, primary_key=True, autoincrement=False),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("known_cut", Integer, primary_key=True, autoincrement=False),
    Column("n", Integer, nullable=False),
    Column("total", Float, nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip

#: The tally up to `folded.seq`, summed over transactions and packed as panels read it: see `block`.
tally_block = Table(
    "tally_block", metadata,
    Column("ledger", Integer, primary_key=True, autoincrement=False),
    #: The days from 32 times this on.
    Column("span", Integer, primary_key=True, autoincrement=False),
    Column("rows", LargeBinary, nullable=False),
)  # fmt: skip

folded = Table(
    "folded", metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)  # fmt: skip

# --- runs --------------------------------------------------------------------------------------

cycle_run = Table(
    "cycle_run", metadata,
    Column("id", Integer, primary_key=True),
    Column("cycle", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("period_start", Moment, nullable=False),
    Column("period_end", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("state", Text, nullable=False),
    #: It was tried in vain for so long that it waits for a person: the periods after it go on.
    Column("given_up", Boolean, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("owner", Text, nullable=False),
    #: Rises with every claim; only the holder of the highest may commit.
    Column("fence", Integer, nullable=False),
    Column("lease_until", Moment, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Column("late", Boolean, nullable=False),
    Column("degraded", Boolean, nullable=False),
    Column("disputed", Boolean, nullable=False),
    #: What the run could see: every transaction up to this one.
    Column("seq", BigInteger, nullable=False),
    Column("rules_hash", Text, nullable=False),
    Column("config_hash", Text, nullable=False),
    #: Of a monthly run: what it learned that grades are worth, kept as a configuration under this hash.
    Column("chances_hash", Text, nullable=False, server_default=""),
    Column("findings", Integer, nullable=False),
    Column("changes", Integer, nullable=False),
    Column("detail", Words, nullable=False),
    Column("kills", Integer, nullable=False, server_default="0"),
    #: Since when it is tried, and when again: until then the periods after it go on.
    Column("tried_since", Moment),
    Column("next_at", Moment),
    #: Of a moment that was looked at again because more of it came: what each look before could see.
    Column("looks", Text, nullable=False, server_default=""),
    UniqueConstraint("cycle", "period_start"),
    Index(None, "due_at"),
)  # fmt: skip

#: What does not count, or not any more, and is kept: a period judged again beside what stands, and what a
#: clock that was wrong brought about.
aside = Table(
    "aside", metadata,
    Column("id", Integer, primary_key=True),
    #: again | void
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("cycle", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("at", Moment, nullable=False),
    Column("rules_hash", Text, nullable=False),
    Column("config_hash", Text, nullable=False),
    Column("detail", Words, nullable=False),
    Column("content", Words, nullable=False),
)  # fmt: skip

configuration = Table(
    "configuration", metadata,
    Column("hash", Text, primary_key=True),
    Column("text", Text, nullable=False),
)  # fmt: skip

# --- what was judged ---------------------------------------------------------------------------

finding = Table(
    "finding", metadata,
    Column("id", Integer, primary_key=True),
    Column("run", Integer, ForeignKey("cycle_run.id"), nullable=False),
    Column("rule", Text, nullable=False),
    Column("rule_hash", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("domain", Text, nullable=False),
    Column("cycle", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("grade", SmallInteger, nullable=False),
    Column("trial", Boolean, nullable=False),
    Column("trace", Words, nullable=False),
    UniqueConstraint("run", "rule", "area"),
    Index(None, "area", "topic", "at"),
)  # fmt: skip

#: Append-only: what conclude remembered after each run; `until_seq` is NULL on what stands now.
standing = Table(
    "standing", metadata,
    Column("rule", Text, primary_key=True),
    Column("area", Text, primary_key=True),
    Column("run", Integer, ForeignKey("cycle_run.id"), primary_key=True, autoincrement=False),
    Column("topic", Text, nullable=False),
    Column("domain", Text, nullable=False),
    Column("rule_hash", Text, nullable=False),
    #: Counters of the rungs, lowest first, as `2,1,0`.
    Column("holding", Text, nullable=False),
    Column("quiet", Text, nullable=False),
    Column("grade", SmallInteger, nullable=False),
    Column("since", Moment),
    Column("raised_at", Moment),
    #: Of an immediate finding: each grade with the epoch second of its end, lowest first, as `1:1772,2:1770`.
    Column("ends", Text, nullable=False, server_default=""),
    Column("until", Moment),
    Column("found_as", Text, nullable=False, server_default=""),
    Column("lifted_at", Moment),
    Column("lifted_grade", SmallInteger, nullable=False),
    Column("confidence", SmallInteger, nullable=False),
    Column("confidence_cause", Words, nullable=False),
    Column("blind_since", Moment),
    Column("trial", Boolean, nullable=False),
    Column("since_seq", BigInteger, nullable=False),
    Column("until_seq", BigInteger),
    Index(None, "until_seq", "rule"),
)  # fmt: skip

act = Table(
    "act", metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("until", Moment),
    Column("grade", SmallInteger),
    Column("seen", SmallInteger),
    Column("reason", Words, nullable=False),
    Column("by", Words, nullable=False),
    #: The office they acted in, and the surface through which.
    Column("role", Text, nullable=False, server_default="duty"),
    Column("via", Text, nullable=False, server_default=""),
    #: The warning it is about, the last change of it that they saw, for whom they answer, what else it is
    #: about (a silence, a task, a plan).
    Column("warning", Text, nullable=False, server_default=""),
    Column("change", Text, nullable=False, server_default=""),
    Column("receiver", Text, nullable=False, server_default=""),
    Column("target", Text, nullable=False, server_default=""),
    Column("verdict", Text, nullable=False, server_default=""),
    #: The day of the outcome.
    Column("outcome", Integer),
    #: Which of two acts of the same second came first.
    Column("seq", BigInteger, nullable=False, server_default="0"),
    Index(None, "area", "topic"),
    Index(None, "warning"),
    Index(None, "kind", "at"),
)  # fmt: skip

#: The plans called for, append-only, each with the hash under which `configuration` keeps it as it was then:
#: an edit of its file changes nothing that is under way. How it stands follows from what people did.
response = Table(
    "response", metadata,
    Column("id", Text, primary_key=True),
    Column("plan", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("topic", Text, nullable=False),
    #: The warning it belongs to, and the key of the rise that called for it; empty where nothing did.
    Column("warning", Text, nullable=False),
    Column("change", Text, nullable=False),
    Column("grade", SmallInteger, nullable=False),
    Column("since", Moment, nullable=False),
    #: Where it began by itself.
    Column("started_at", Moment),
    Column("reason", Words, nullable=False),
    Index(None, "change"),
    Index(None, "warning"),
)  # fmt: skip

#: The measures asked for under warnings, append-only, each with the hash under which `configuration` keeps it
#: as it was then: an edit of its rule changes nothing that was asked. How it stands follows from what people
#: said.
demand = Table(
    "demand", metadata,
    Column("id", Text, primary_key=True),
    Column("warning", Text, ForeignKey("warning.id"), nullable=False),
    Column("measure", Text, nullable=False),
    Column("grade", SmallInteger, nullable=False),
    Column("at", Moment, nullable=False),
    Column("outlives", Boolean, nullable=False),
    #: NULL where it was asked for between runs.
    Column("run", Integer, ForeignKey("cycle_run.id")),
    Index(None, "run"),
    Index(None, "warning"),
)  # fmt: skip

score = Table(
    "score", metadata,
    Column("area", Text, primary_key=True),
    Column("domain", Text, primary_key=True),
    Column("value", Float, nullable=False),
    Column("parts", Text, nullable=False),
    Column("run", Integer, ForeignKey("cycle_run.id"), nullable=False),
)  # fmt: skip

#: What areas scored at each daily screening. The row of no area tells that its day was judged at all.
score_day = Table(
    "score_day", metadata,
    Column("area", Text, primary_key=True),
    #: The day that was judged.
    Column("day", Integer, primary_key=True),
    Column("domain", Text, primary_key=True),
    Column("value", Float, nullable=False),
    Column("run", Integer, ForeignKey("cycle_run.id"), nullable=False, index=True),
)  # fmt: skip

#: The state of every warning now; `change` is the record of how it came to be.
warning = Table(
    "warning", metadata,
    Column("id", Text, primary_key=True),
    Column("area", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("domain", Text, nullable=False),
    Column("grade", SmallInteger, nullable=False),
    Column("score", Float, nullable=False),
    Column("confidence", SmallInteger, nullable=False),
    Column("confidence_cause", Words, nullable=False),
    Column("title_en", Words, nullable=False),
    Column("title_zh", Words, nullable=False),
    Column("since", Moment, nullable=False),
    Column("judged_at", Moment, nullable=False),
    Column("blind_since", Moment),
    Column("lifted_at", Moment),
    Column("rules", Text, nullable=False),
    #: Who let its grade pass; the grade that waits for somebody, since when, and its change.
    Column("issuer", Text, nullable=False, server_default="itself"),
    Column("proposed", SmallInteger),
    Column("proposed_at", Moment),
    Column("proposal", Text, nullable=False, server_default=""),
    #: The learned chance as JSON, or nothing.
    Column("chance", Text, nullable=False, server_default=""),
    Index(None, "lifted_at"),
)  # fmt: skip

change = Table(
    "change", metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("warning", Text, ForeignKey("warning.id"), nullable=False),
    Column("step", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("before", SmallInteger, nullable=False),
    Column("after", SmallInteger, nullable=False),
    Column("reason", Words, nullable=False),
    Column("by", Words, nullable=False),
    #: Who let it pass.
    Column("issuer", Text, nullable=False, server_default="itself"),
    #: NULL where a person acted between runs.
    Column("run", Integer, ForeignKey("cycle_run.id")),
    Index(None, "warning"),
    Index(None, "at"),
)  # fmt: skip

#: Which situation a warning has come to; the last row of each stands.
belonging = Table(
    "belonging", metadata,
    Column("id", Integer, primary_key=True),
    Column("warning", Text, ForeignKey("warning.id"), nullable=False),
    Column("situation", Text, nullable=False),
    #: When the situation began, and as of when the warning is in it.
    Column("born", Moment, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "warning"),
)  # fmt: skip

# --- what was told -----------------------------------------------------------------------------

notification = Table(
    "notification", metadata,
    Column("key", Text, primary_key=True),
    Column("change", Text, nullable=False),
    Column("warning", Text, nullable=False),
    Column("receiver", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("planned_at", Moment, nullable=False),
    Column("grade", SmallInteger, nullable=False),
    Column("subject", Words, nullable=False),
    Column("body", Words, nullable=False),
    Column("payload", Words, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Moment),
    Column("error", Words, nullable=False),
    Column("owner", Text, nullable=False),
    Column("lease_until", Moment),
    Column("within", Text, nullable=False, server_default=""),
    #: Which of two messages planned for the same second came first.
    Column("seq", BigInteger, nullable=False, server_default="0"),
    Index(None, "state", "next_at"),
    Index(None, "warning"),
    Index(None, "within"),
)  # fmt: skip

receipt = Table(
    "receipt", metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, ForeignKey("notification.key"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("state", Text, nullable=False),
    Column("detail", Words, nullable=False),
    Column("next_at", Moment),
    Index(None, "key"),
)  # fmt: skip

# --- who signs in: staff data, apart from what is known of risks -------------------------------

account = Table(
    "account", metadata,
    Column("name", Text, primary_key=True),
    Column("title", Words, nullable=False),
    Column("roles", Text, nullable=False),
    #: The top of what it sees; nothing: everything.
    Column("area", Text, nullable=False),
    Column("language", Text, nullable=False),
    #: For whom it answers; nothing: for whoever was told.
    Column("receivers", Text, nullable=False),
    #: The password's hash; nothing once the account is closed.
    Column("secret", Text, nullable=False),
    Column("provisional", Boolean, nullable=False),
    Column("since", Moment, nullable=False),
    Column("closed_at", Moment),
    #: What an identity provider calls them; nothing: they sign in by a password.
    Column("known_as", Text),
    Column("granted", Boolean, nullable=False, server_default=false()),
    Index(None, "known_as", unique=True),
)  # fmt: skip

session = Table(
    "session", metadata,
    #: The hash of its key.
    Column("id", Text, primary_key=True),
    Column("account", Text, ForeignKey("account.name"), nullable=False),
    Column("since", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Index(None, "account"),
)  # fmt: skip

#: Faults of the engine itself, from their beginning to their end.
fault = Table(
    "fault", metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Words, nullable=False),
    Column("detail", Words, nullable=False),
    Column("since", Moment, nullable=False),
    Column("again", Integer, nullable=False),
    Column("well_at", Moment),
    Column("ended_at", Moment),
    Column("read_by", Words, nullable=False),
    Column("read_at", Moment),
    Index(None, "kind", "name"),
)  # fmt: skip

token = Table(
    "token", metadata,
    Column("id", Text, primary_key=True),
    #: The hash of its key.
    Column("digest", Text, nullable=False, unique=True),
    Column("title", Words, nullable=False),
    Column("kind", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("area", Text, nullable=False),
    #: Of a source that pushes: the one feed it speaks for.
    Column("feed", Text, nullable=False, server_default=""),
    Column("since", Moment, nullable=False),
    Column("ends_at", Moment),
    Column("revoked_at", Moment),
    Column("used_at", Moment),
)  # fmt: skip

audit = Table(
    "audit", metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("by", Words, nullable=False),
    Column("what", Words, nullable=False),
    Column("via", Text, nullable=False),
    Column("about", Words, nullable=False),
    #: Why it was refused; nothing where it was done.
    Column("refused", Words, nullable=False),
    Index(None, "at"),
)  # fmt: skip

# --- what leaders read ---------------------------------------------------------------------------

#: One row per version of a report; its text is JSON of figures and of sentences of ours, whose words have
#: passed the guard where they came in.
report = Table(
    "report", metadata,
    Column("cycle", Text, primary_key=True),
    Column("period", Text, primary_key=True),
    Column("area", Text, primary_key=True),
    Column("version", SmallInteger, primary_key=True, autoincrement=False),
    Column("due_at", Moment, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("digest", Text, nullable=False),
    Column("text", Text, nullable=False),
    Index(None, "due_at"),
)  # fmt: skip

# --- the rest ----------------------------------------------------------------------------------

meta = Table(
    "meta", metadata,
    Column("key", Text, primary_key=True),
    Column("value", Words, nullable=False),
)  # fmt: skip
