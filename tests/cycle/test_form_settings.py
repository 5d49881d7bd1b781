"""config/forms as it is read, and every mistake in it with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import app
from engine.errors import ConfigError
from engine.model.form import Kind
from engine.model.text import Text
from tests.story import county, filling


def home(root: Path, form: tuple[str, str] = ("", ""), feed: tuple[str, str] = ("", "")) -> app.Home:
    filling.build(root)
    for path, (old, new) in (("forms/wardens.yaml", form), ("feeds.yaml", feed)):
        file = root / "config" / path
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
    return app.home(root, county.END.date())


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(filling.SECRET, "0123456789abcdef")


def test_a_form(tmp_path: Path) -> None:
    form = home(tmp_path).settings.forms["wardens"]
    assert form.title == Text("What you saw", "巡查上报")
    assert (form.areas, form.level, form.back.days) == (("C",), "town", 3)
    assert form.fields == ("id", "at", "area", "kind", "hurt", "note")
    kind, hurt, note = form.questions
    assert kind.choices == {"bang": Text("An explosion", "爆炸"), "break-in": Text("A break-in", "入室盗窃")}
    assert (hurt.kind, hurt.needed, hurt.most, note.most) == (Kind.NUMBER, False, 500, 200)


@pytest.mark.parametrize(("form", "sentence"), [
    (("How many are hurt?", "Name of the suspect"), "charter"),
    (("几人受伤？", "当事人身份证号"), "charter"),
    (("id: hurt", "id: ethnicity"), "charter"),
    (("A break-in", "A foreigner"), "charter"),
    (("入室盗窃", "上访人员"), "charter"),
    (("id: note", "id: suspect"), "charter"),
    (("In a few words", "Name and phone"), "charter"),
    (("简要说明", "报警人"), "charter"),
    (("In a few words", "Religion"), "charter"),
    (("For the wardens of the county.", "Report petitioners here."), "charter"),
    (("id: note", "id: kind"), "stands here again"),
    (("id: note", "id: area"), "call the question otherwise"),
    (("level: town", "level: twon"), "there is no level 'twon' (did you mean 'town'?)"),
    (("areas: [C]", "areas: [D]"), "there is no area 'D'"),
    (("areas: [C], level: town", "areas: [T1], level: county"), "0 areas can be chosen"),
    (("kind: text", "kind: photo"), "photo"),
    (("number, needed: false", "number, choices: {a: A, b: B}"), "'choices' goes only with kind: choice"),
    (("most: 200", "most: 5000"), "at most 2000 letters"),
    (("back: 3d", "bakc: 3d"), "bakc"),
])  # fmt: skip
def test_a_mistake_is_told_on_its_line(tmp_path: Path, form: tuple[str, str], sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        home(tmp_path, form=form)
    found = {one.path for one in caught.value.problems if sentence in str(one)}
    assert found == {"config/forms/wardens.yaml"}, caught.value


@pytest.mark.parametrize(("feed", "sentence"), [
    (("form: wardens", "form: warden"), "there is no form in config/forms 'warden' (did you mean"),
    (("field: kind, table", "field: sort, table"), "there is no question of the form 'sort'"),
    ((", break-in: property.burglary", ""), "nothing says what 'break-in' of 'kind' means"),
    (("bang: violence.explosion", "bang: violence.bang"), "violence.bang"),
    (("connector: form", "connector: form\n    poll: 1h"), "nobody asks a feed that is pushed"),
])  # fmt: skip
def test_a_feed_reads_what_its_form_asks(tmp_path: Path, feed: tuple[str, str], sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        home(tmp_path, feed=feed)
    assert [one for one in caught.value.problems if sentence in str(one)], caught.value


def test_a_form_of_another_ending_is_no_form(tmp_path: Path) -> None:
    filling.build(tmp_path)
    (tmp_path / "config/forms/more.yml").write_text("title: x\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"ends in \.yaml"):
        app.home(tmp_path, county.END.date())
