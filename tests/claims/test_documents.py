"""Articles out of files, pages, PDF files and feeds."""

from __future__ import annotations

import io
import json
import os
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from tests.made.pdf_files import pdf_file

from baserate.claims.article import Article
from baserate.claims.documents import apart, feeds, read_articles, reading
from baserate.claims.documents.dates import publication_day
from baserate.claims.documents.limits import LARGEST, LONGEST
from baserate.claims.documents.pdfs import reflowed
from baserate.claims.documents.plain import decoded, front_matter
from baserate.errors import (
    AddressRefused,
    ArticleError,
    ArticleTooLong,
    BadFeed,
    BaserateError,
    ExtraNeeded,
    NoArticle,
    ServerRefused,
    UnreadableArticle,
)
from baserate.sources.network.fetch import Page

STORY = "Violent crime in Ohio rose 4 percent in 2015, the state said.\n\nMurders were unchanged.\n"


def of_bytes(body: bytes, **known) -> Article:
    """The one article that comes over standard input."""
    (article,) = read_articles("-", stdin=body, **known)
    return article


def of_file(path: Path, body: bytes | str = STORY, **known) -> Article:
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    (article,) = read_articles(str(path), **known)
    return article


def why_not(body: bytes, error: type[ArticleError]) -> str:
    """What is said of bytes that hold no article."""
    with pytest.raises(error) as refused:
        list(read_articles("-", stdin=body))
    return str(refused.value)


# --- text -------------------------------------------------------------------------------------


def test_a_text_is_taken_as_it_stands_and_named_for_its_file(tmp_path: Path):
    article = of_file(tmp_path / "000_45a671.txt")
    assert article == Article(article_id="000_45a671", text=STORY)


def test_the_seed_articles_are_read_whole(shared: Path):
    paths = sorted((shared / "seeds").glob("*.txt"))
    assert len(paths) == 5
    for path in paths:
        (article,) = read_articles(str(path))
        assert (article.article_id, article.text.encode()) == (path.stem, path.read_bytes())


def test_standard_input_is_called_stdin():
    assert of_bytes(STORY.encode()).article_id == "stdin"


@pytest.mark.parametrize(
    "text",
    [
        "Crime fell.\r\nMurders rose.\r\n",  # two characters a line end, and offsets count both
        "ارتفعت جرائم القتل بنسبة 5 بالمئة في عام 2015.",
        "Los homicidios subieron un 5 % en Bogotá; in Zürich they fell. \u202eevitcefed\u202c",
        "Robbery\x07 fell 3 percent in the \x1b[31mcity, and burglary was down as well.",
        "-- Murders are up -- said the mayor, again and again, and no one asked her since when.",
    ],
    ids=["windows line ends", "right to left", "accents", "control characters", "dashes"],
)
def test_every_character_of_a_text_is_kept(text: str):
    assert of_bytes(text.encode()).text == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_usual_encodings_are_told_apart(encoding: str):
    text = "“Murders are up 5 % in Peñasco,” the sheriff said – twice."
    assert of_bytes(text.encode(encoding)).text == text


def test_a_cut_character_does_not_turn_a_text_into_another_encoding():
    cut = "Murders rose in Doña Ana, in Española and in Cañon City".encode() + "–".encode()[:1]
    assert of_bytes(cut).text.startswith("Murders rose in Doña Ana")


def test_an_encoding_is_believed_only_if_it_is_one_of_text():
    assert decoded("Peñasco".encode("latin-1"), "a page", "ISO-8859-1") == "Peñasco"
    assert decoded(b"Murders \\u0041", "a page", "unicode_escape") == "Murders \\u0041"


def test_a_file_name_with_quotes_is_a_name_like_any_other(tmp_path: Path):
    assert of_file(tmp_path / 'O\'Brien "rises".txt').article_id == 'O\'Brien "rises"'


def test_a_folder_and_a_missing_file_are_named(tmp_path: Path):
    for name, what in ((tmp_path, "is a folder"), (tmp_path / "nope.txt", "No such file")):
        with pytest.raises(UnreadableArticle, match=what):
            list(read_articles(str(name)))


def test_a_name_no_file_can_have_is_refused():
    for name in ("", "a\0b", "\ud800"):
        with pytest.raises(UnreadableArticle):
            list(read_articles(name))


def test_a_pipe_is_read_like_a_file(tmp_path: Path):
    reading, writing = os.pipe()
    os.write(writing, STORY.encode())
    os.close(writing)
    (article,) = read_articles(f"/dev/fd/{reading}")
    os.close(reading)
    assert article.text == STORY


@pytest.mark.parametrize(
    ("body", "error", "says"),
    [
        (b"", NoArticle, "empty"),
        (b" \n\n", NoArticle, "no letter"),
        (b"---\ndate: 2015-09-28\n---\n", NoArticle, "no letter"),
        (b"Murders\0up", UnreadableArticle, "zero bytes"),
        (bytes(range(1, 32)) * 3, UnreadableArticle, "control characters"),
        (b"\x81\x8d\xff crime", UnreadableArticle, "neither UTF-8 nor Windows-1252"),
        (b"\xff\xfea", UnreadableArticle, "utf-16"),
        (b"PK\x03\x04rest", UnreadableArticle, "Word"),
        (b"{\\rtf1 Murders}", UnreadableArticle, "rich text"),
        (b'<?xml version="1.0"?><rss><item/></rss>', UnreadableArticle, "XML"),
    ],
)
def test_what_is_no_article_is_said_to_be_none(body: bytes, error: type[ArticleError], says: str):
    assert says in why_not(body, error)


def test_fifty_megabytes_of_text_are_refused_before_they_are_read(tmp_path: Path):
    path = tmp_path / "long.txt"
    path.write_bytes(b"Crime rose. " * 4_200_000)
    begun = time.process_time()
    with pytest.raises(ArticleTooLong, match=f"{LONGEST:,} characters"):
        list(read_articles(str(path)))
    assert time.process_time() - begun < 1


def test_an_article_of_the_greatest_length_is_read_and_one_longer_is_not():
    assert len(of_bytes(b"a" * LONGEST).text) == LONGEST
    assert f"{LONGEST + 1:,} characters" in why_not(b"a" * (LONGEST + 1), ArticleTooLong)
    assert f"{LARGEST:,} bytes" in why_not(b" " * (LARGEST + 1), ArticleTooLong)


# --- front matter -----------------------------------------------------------------------------


def test_front_matter_says_when_and_where_a_story_appeared():
    head = (
        '---\nlayout: post\ntitle: "Up, or down?"\ndate: 2015-09-28 08:00 -0500\n'
        "tags:\n  - crime\npublisher: The Gazette # weekly\nurl: https://example.org/a\n---\n"
    )
    assert of_bytes((head + STORY).encode()) == Article(
        article_id="stdin",
        text=STORY,
        published=date(2015, 9, 28),
        outlet="The Gazette",
        title="Up, or down?",
        url="https://example.org/a",
        dated_by="front matter",
    )


def test_front_matter_in_toml_is_read_too():
    head = "+++\ntitle = 'Up'\ndate = 2015-09-28T08:00:00Z\n[params]\nsource = \"Gazette\"\n+++\r\n"
    article = of_bytes((head + STORY).encode())
    assert (article.published, article.outlet, article.text) == (
        date(2015, 9, 28),
        "Gazette",
        STORY,
    )


def test_a_day_and_an_outlet_fill_in_what_front_matter_leaves_out():
    empty = of_bytes(
        ("---\ntitle: Up\n---\n" + STORY).encode(), published=date(2016, 1, 2), outlet="Herald"
    )
    unread = of_bytes(("---\ndate: 03/04/2015\n---\n" + STORY).encode(), published=date(2016, 1, 2))
    assert (empty.published, empty.dated_by, empty.outlet) == (date(2016, 1, 2), "given", "Herald")
    assert (unread.published, unread.dated_by) == (date(2016, 1, 2), "given")


def test_what_a_text_says_of_itself_is_never_replaced():
    head = "---\ndate: 2015-09-28\noutlet: Gazette\n---\n"
    for body, by in ((head + STORY, "front matter"), (PAGE, "page")):
        article = of_bytes(body.encode(), published=date(2016, 1, 2), outlet="Herald")
        assert (article.published, article.dated_by) == (date(2015, 9, 28), by)
        assert "Gazette" in (article.outlet or "")


def test_a_date_with_two_readings_is_not_guessed_at():
    said = why_not(b"---\ndate: 03/04/2015\n---\nMurders are up.", UnreadableArticle)
    assert "'03/04/2015'" in said
    assert "--published" in said


def test_a_rule_at_the_head_of_a_text_is_no_front_matter():
    text = "---\nMurders are up, and robberies too.\n---\nSo says the chief.\n"
    assert of_bytes(text.encode()).text == text


def test_a_link_that_runs_code_is_not_kept():
    article = of_bytes(b"---\nurl: javascript:alert(1)\ndate: 2015-01-01\n---\nMurders are up.")
    assert article.url is None


BLOCKS = st.lists(
    st.tuples(st.from_regex(r"[a-z]{1,9}", fullmatch=True), st.text("ab 1-:#", max_size=12)),
    min_size=1,
    max_size=5,
)


@settings(max_examples=50)
@given(BLOCKS, st.text(max_size=60))
def test_front_matter_never_changes_the_body(pairs, body: str):
    block = "---\n" + "".join(f"{key}: {value}\n" for key, value in pairs) + "---\n"
    assert front_matter(block + body).body == body


@given(st.text(alphabet="-+.:=ab \r\n", max_size=80))
def test_a_body_is_always_the_end_of_its_text(text: str):
    assert text.endswith(front_matter(text).body)


# --- days -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    ["2017-01-27", "2017-01-27T10:00:00Z", "January 27, 2017", "Jan. 27 2017", "27 January 2017"],
)
def test_a_whole_day_is_taken(said: str):
    assert publication_day(said) == date(2017, 1, 27)


@pytest.mark.parametrize(
    "said", ["2015?", "2012-03-01?", "2015", "2015-06", "June 2015", "", "n.d."]
)
def test_a_vague_or_doubtful_day_is_not(said: str):
    assert publication_day(said) is None


@pytest.mark.parametrize(
    "said", ["27/01/2017", "2017-02-30", "0017-01-27", "yesterday", "٢٠١٧-٠١-٢٧"]
)
def test_what_is_no_day_is_refused_with_what_would_be(said: str):
    with pytest.raises(ValueError, match="2017-01-27"):
        publication_day(said)


# --- feeds ------------------------------------------------------------------------------------


def feed(*articles: object) -> bytes:
    return "".join(json.dumps(a) + "\n" for a in articles).encode()


def test_a_feed_gives_its_articles_in_order():
    one = {"article_id": "a1", "published": "2016-05-12", "outlet": "Gazette", "text": STORY}
    two = {"article_id": 2, "published": "2015?", "outlet": None, "text": "Murders are up.", "x": 1}
    assert list(read_articles("-", stdin=feed(one) + b"\n" + feed(two))) == [
        Article(
            article_id="a1",
            text=STORY,
            published=date(2016, 5, 12),
            outlet="Gazette",
            dated_by="feed",
        ),
        Article(article_id="2", text="Murders are up."),
    ]


def test_a_feed_is_known_by_its_content(tmp_path: Path):
    body = feed({"article_id": "a1", "text": "Murders are up."})
    assert of_file(tmp_path / "feed.txt", body).article_id == "a1"


def test_the_users_date_and_outlet_go_for_the_articles_of_a_feed_that_bear_none():
    own = {"article_id": "a", "published": "2011-01-01", "outlet": "Gazette", "text": "Up."}
    body = feed(own, {"article_id": "b", "text": "Up."})
    found = read_articles("-", stdin=body, published=date(2012, 3, 4), outlet="Herald")
    assert [(a.published, a.outlet, a.dated_by) for a in found] == [
        (date(2011, 1, 1), "Gazette", "feed"),
        (date(2012, 3, 4), "Herald", "given"),
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b'{"article_id": "b", "text": "Up."', "not one JSON object"),
        (b'["Murders are up."]', "not one JSON object"),
        (b"[" * 100_000, "not one JSON object"),
        (b'{"article_id": "b", "text": "Up.", "published": "1/2/2015"}', "'1/2/2015'"),
        (b'{"article_id": "b", "text": "Up.", "published": true}', "'true'"),
        (b'{"article_id": "b", "text": "Up.", "outlet": [1]}', "\"outlet\" is '[1]'"),
        (b'{"article_id": "b", "text": 5}', "\"text\" is '5'"),
        (b'{"article_id": "b", "text": " "}', "no letter"),
        (b'{"article_id": "b", "text": "a\\ud800"}', "surrogate"),
        (b'{"text": "Up."}', '"article_id" is missing'),
        (b'{"article_id": "a", "text": "Up again."}', "as in line 1"),
        (b'{"article_id": "b", "text": "\xff"}', "not UTF-8"),
    ],
)
def test_a_bad_line_is_named_and_nothing_of_the_feed_is_taken(line: bytes, says: str):
    whole = feed({"article_id": "a", "text": "Up."}) + b"\n" + line
    with pytest.raises(BadFeed, match=r"line 3: .*Nothing of the feed was taken") as refused:
        next(read_articles("-", stdin=whole))  # not even the first, which is good
    assert says in str(refused.value)


@pytest.mark.parametrize("line", ["[1,2]", "null", '"Murders are up."', "Murders are up."])
def test_lines_that_are_no_objects_are_a_bad_feed_where_the_name_says_feed(
    tmp_path: Path, line: str
):
    path = tmp_path / "feed.jsonl"
    path.write_text(line + "\n")
    with pytest.raises(BadFeed, match=r"line 1: is .*not one JSON object"):
        list(read_articles(str(path)))


def test_a_list_of_articles_is_not_a_feed():
    said = why_not(b'[{"article_id": "a",\n "text": "Murders are up."}]', BadFeed)
    assert "line 1" in said


def test_a_feed_without_an_article_is_refused():
    assert "line 1" in why_not(b"{}\n", BadFeed)


def test_a_feed_may_be_larger_than_an_article_but_no_line_may(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "LARGEST", 1_000)
    monkeypatch.setattr(feeds, "LONGEST_LINE", 200)
    many = feed(*({"article_id": i, "text": STORY} for i in range(20)))
    assert sum(1 for _ in read_articles("-", stdin=many)) == 20
    assert "line 21: is longer than 200 bytes" in why_not(many + b'{"a": "' + b" " * 200, BadFeed)


TEXTS = st.text(st.characters(codec="utf-8", min_codepoint=32)).filter(
    lambda t: any(c.isalnum() for c in t)
)


@given(
    st.dictionaries(
        TEXTS, st.tuples(TEXTS, st.dates(date(1930, 1, 1), date(2099, 1, 1))), min_size=1
    )
)
def test_a_feed_gives_back_every_text_and_day(written):
    body = feed(
        *(
            {"article_id": i, "text": text, "published": day.isoformat()}
            for i, (text, day) in written.items()
        )
    )
    read = {a.article_id: (a.text, a.published) for a in read_articles("-", stdin=body)}
    assert read == written


# --- web pages --------------------------------------------------------------------------------

SENTENCES = [
    f"Violent crime in district {i} rose {i} percent last year, police said." for i in "345"
]
PARAGRAPHS = "".join(f"<p onclick='steal()'>{s}</p>" for s in SENTENCES)
PAGE = f"""<!DOCTYPE html><html><head><title>Crime up | Gazette</title>
<meta property="article:published_time" content="2015-09-28T23:30:00-05:00">
<meta property="article:modified_time" content="2019-01-01T00:00:00Z">
<meta property="og:site_name" content="The Gazette">
<link rel="canonical" href="https://example.org/crime">
<script>document.write("Murders doubled in script last year.")</script></head>
<body onload="steal()"><nav><a href="/">Home</a> <a href="/crime">Crime</a></nav>
<article><h1>Crime is up</h1>{PARAGRAPHS}<img src=x onerror="steal()"></article>
<noscript>Please enable scripts to read how murders rose last year in the city.</noscript>
<footer>Copyright 2021 Gazette Media. Crime and murders are up in our newsletter.</footer>
</body></html>"""


def test_a_page_gives_its_article_without_its_scripts_and_says_when_it_appeared():
    article = of_bytes(PAGE.encode())
    assert article.text.endswith("\n\n".join(SENTENCES))
    assert (article.published, article.dated_by) == (date(2015, 9, 28), "page")
    assert (article.outlet, article.url) == ("The Gazette", "https://example.org/crime")
    assert not any(word in article.text for word in ("script", "steal", "<", "Home", "newsletter"))


def test_a_piece_of_a_page_in_another_encoding_is_read():
    body = "<p>Homicides in Cañon City fell by 5 percent, the coroner’s office said.</p>"
    assert of_bytes(body.encode("cp1252")).text == body[3:-4]


@pytest.mark.parametrize(
    "body",
    [
        "<html><body><nav><a href=/>Home</a> <a href=/crime>Crime</a></nav></body></html>",
        "<html><body><script>var s = 'Murders rose 5 percent last year, police said.'</script>",
        "<html><body>" + "<div>" * 50_000 + "</body></html>",
    ],
    ids=["links", "a script", "fifty thousand boxes"],
)
def test_a_page_without_an_article_is_said_to_have_none(body: str):
    assert "no article" in why_not(body.encode(), NoArticle)


def test_a_day_a_page_writes_in_two_ways_at_once_is_not_taken():
    page = PAGE.replace("2015-09-28T23:30:00-05:00", "03/09/2015").replace(
        "2019-01-01T00:00:00Z", ""
    )
    assert of_bytes(page.encode()).published is None


def test_an_address_is_downloaded_and_read_for_what_it_holds(monkeypatch: pytest.MonkeyPatch):
    html = {"content-type": "text/html; charset=utf-8"}
    answers = {
        "https://example.org/a": Page(
            url="https://example.org/b", headers=html, body=PAGE.encode()
        ),
        "https://example.org/t": Page(url="https://example.org/t", headers={}, body=STORY.encode()),
    }
    monkeypatch.setattr("baserate.sources.network.fetch.download", answers.__getitem__)
    (page,) = read_articles("https://example.org/a")
    (text,) = read_articles("https://example.org/t")
    assert (page.article_id, page.url) == ("https://example.org/a", "https://example.org/crime")
    assert (text.text, text.url) == (STORY, "https://example.org/t")


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/a", "file:///etc/hostname", "ftp://a.org/b"]
)
def test_no_address_inside_is_asked(address: str):
    with pytest.raises(AddressRefused):
        list(read_articles(address))


def test_what_is_advised_of_an_address_is_to_check_a_file(monkeypatch: pytest.MonkeyPatch):
    def refused(address: str) -> Page:
        raise ServerRefused(f"{address}: 403; save it, then: baserate add FILE")

    with pytest.raises(AddressRefused, match="is checked with `baserate check FILE`"):
        list(read_articles("ftp://example.org/b"))
    monkeypatch.setattr("baserate.sources.network.fetch.download", refused)
    with pytest.raises(ServerRefused, match=r"save it, then: baserate check FILE$"):
        list(read_articles("https://example.org/a"))


# --- PDF files --------------------------------------------------------------------------------

PRINTED = [
    [
        "Annual report",
        "Violent crime in the city rose by 4.1 percent in 2015, the depart-",
        "ment said, and the number of drug-related killings has not been as",
        "high since 1994. Robbery fell.",
        "Burglary fell for the tenth year, and so did drug-",
        "related arrests (all of them), from 1,204 to 1,012 in the same two",
        "1",
    ],
    ["Annual report", "years.", "2"],
    ["Annual report", "Nothing else was counted.", "3"],
]


def test_printed_lines_become_paragraphs_again():
    assert of_bytes(pdf_file(PRINTED)).text.split("\n\n") == [
        "Violent crime in the city rose by 4.1 percent in 2015, the department said, and the "
        "number of drug-related killings has not been as high since 1994. Robbery fell.",
        "Burglary fell for the tenth year, and so did drug-related arrests (all of them), from "
        "1,204 to 1,012 in the same two years.",
        "Nothing else was counted.",
    ]


def test_a_heading_and_a_bullet_stand_apart():
    full = "Murders rose in every one of the four districts of the city, said"
    page = f"Murders up\n{full}\nthe chief.\n• Robbery fell\n• Arson rose"
    assert reflowed([page]).split("\n\n") == [
        "Murders up",
        f"{full} the chief.",
        "• Robbery fell",
        "• Arson rose",
    ]


@given(st.lists(st.text("ab -.\n", max_size=60), max_size=5))
def test_no_letter_is_lost_between_the_lines(pages: list[str]):
    def letters(text: str) -> str:
        return "".join(c for c in text if c.isalnum())

    kept = letters(reflowed(pages))
    assert kept == letters("".join(pages)) or len(pages) > 2  # lines that repeat are left out


def test_the_day_a_file_was_made_is_only_the_last_resort():
    file = pdf_file(PRINTED, made="D:20190301120000Z")
    last = of_bytes(file)
    told = of_bytes(file, published=date(2016, 1, 4))
    assert (last.published, last.dated_by) == (date(2019, 3, 1), "file")
    assert (told.published, told.dated_by) == (date(2016, 1, 4), "given")


def locked() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf_file(PRINTED))))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("file", "error", "says"),
    [
        (locked(), UnreadableArticle, "password"),
        (pdf_file([[], []]), NoArticle, "OCR"),
        (pdf_file(PRINTED)[:300], (UnreadableArticle, NoArticle), "PDF|pages"),
        (b"%PDF-1.7\n" + b"<<" * 100_000, UnreadableArticle, "damaged"),
        (pdf_file([["Up."]] * 501), ArticleTooLong, "501 pages"),
    ],
    ids=["locked", "scanned", "cut short", "deep", "endless"],
)
def test_a_pdf_file_that_cannot_be_read_says_why(file: bytes, error, says: str):
    with pytest.raises(error, match=says):
        of_bytes(file)


# --- both ---------------------------------------------------------------------------------------


def test_a_missing_library_is_named_with_its_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "pypdf.py").write_text("raise ModuleNotFoundError('no', name='pypdf')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(ExtraNeeded, match=r"pypdf; pip install 'baserate\[articles\]'"):
        of_bytes(pdf_file(PRINTED))


def test_a_document_that_never_ends_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "pypdf.py").write_text("print('…')\nwhile True: pass")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(apart, "PATIENCE", 0.5)
    with pytest.raises(UnreadableArticle, match="more time or memory"):
        of_bytes(pdf_file(PRINTED))


@settings(max_examples=400)
@given(st.binary(max_size=200) | st.text().map(lambda t: t.encode("utf-16", "replace")))
def test_whatever_the_bytes_it_is_an_article_or_an_error_of_ours(body: bytes):
    try:
        found = list(read_articles("-", stdin=body))
    except BaserateError as error:
        assert str(error)
    else:
        assert all(a.text.encode() and "\0" not in a.text for a in found)


@pytest.mark.parametrize(
    "start",
    [
        "---\n",
        "---\n" + "a: b\n" * 99,
        "+++ ",
        "{",
        '{"',
        "[",
        "<!--",
        "<p",
        "<!doctype",
        "\ufeff",
        '---\na: "',
    ],
)
def test_no_beginning_makes_reading_slow(start: str):
    for filler in ("<!--", " ", "-", "\n", "a: b\n", "[{"):
        begun = time.process_time()
        text = start + filler * (100_000 // len(filler))
        front_matter(text)
        if not start.startswith("<"):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(
                    "baserate.claims.documents.pages.read_apart", lambda *_: {"lines": []}
                )
                try:
                    list(read_articles("-", stdin=text.encode()))
                except BaserateError as error:
                    assert str(error)
        assert time.process_time() - begun < 0.5
