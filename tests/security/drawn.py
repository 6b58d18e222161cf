"""Labels, grants and people to draw from: few agencies, levels and words, so that they meet often."""

from __future__ import annotations

from hypothesis import strategies as st

from auth.expression import NEVER, parse
from auth.labels import ALL, SEALED, Label
from auth.people import Grant, Principal, Role

AGENCIES = ("A", "B", "C")
LEVELS = (10, 20, 30)
WORDS = ("x", "y", "z")

needs = st.sampled_from(["", "x", "y", "x&y", "x|y", "(x|y)&z", "x|(y&z)", "x&y&z"]).map(parse) | st.just(NEVER)
releases = st.just(ALL) | st.frozensets(st.sampled_from(AGENCIES))
labels = st.builds(
    Label.of, st.sampled_from(LEVELS), releases, needs, st.frozensets(st.sampled_from(AGENCIES))
) | st.just(SEALED)
grants = st.builds(Grant, st.sampled_from(Role), st.sampled_from((0, *LEVELS)), st.frozensets(st.sampled_from(WORDS)))
principals = st.builds(
    Principal,
    st.just("id"),
    st.just("name"),
    st.just("Name"),
    st.sampled_from(AGENCIES),
    st.lists(grants, max_size=3).map(tuple),
)
