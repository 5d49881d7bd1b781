"""Names that durable_rules would confuse never reach it together."""

from engine.infer.limits import MAX_ATTRIBUTES, MAX_FACTS
from engine.infer.names import RESERVED, apart, fnv1a, short


def test_the_published_test_vectors_of_fnv1a():
    assert [fnv1a(text) for text in ("", "a", "foobar")] == [0x811C9DC5, 0xE40C292C, 0xBF9CF968]


def test_of_two_names_with_one_hash_only_the_first_is_used():
    assert fnv1a("ind_qpodinn") == fnv1a("ind_mcixdlv")
    assert list(apart(["ind_qpodinn", "ind_mcixdlv", "a0"])) == ["ind_qpodinn", "a0"]


def test_a_name_that_collides_with_a_reserved_one_is_not_used():
    assert list(apart(["a0", "sid", "ind_mcixdlv"], ("sid", "ind_qpodinn"))) == ["a0"]


def test_as_many_short_names_as_a_host_may_hold_are_all_apart():
    for prefix, number in (("f", MAX_FACTS), ("a", MAX_ATTRIBUTES)):
        names = short(prefix, number)
        assert len({fnv1a(name) for name in (*names, *RESERVED)}) == number + len(RESERVED)
