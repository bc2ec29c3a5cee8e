# SPDX-License-Identifier: Apache-2.0
"""Languages in the words directories use: `Spanish and ASL.`, `es`, `Chinese (Mandarin)`.

Names and two- or three-letter codes after ISO 639; the list is those that community directories in North America and
Britain name, with the spellings they use.
"""

from __future__ import annotations

import re

from peerkit_hsds.text import fold
from peerkit_hsds.values import Language

_LIST = """
ase American Sign Language, ASL, A.S.L.;sgn Sign Language, sign;bfi British Sign Language, BSL;fcs LSQ
am Amharic;ar Arabic;hy Armenian;ay Aymara;az Azerbaijani;bn Bengali, Bangla;bs Bosnian;bg Bulgarian;my Burmese
yue Cantonese;ca Catalan;ceb Cebuano;zh Chinese;cmn Mandarin;hr Croatian;cs Czech;da Danish;prs Dari;nl Dutch
en English;et Estonian;fa Farsi, Persian;fil Filipino, Phillipino, Pilipino;tl Tagalog;fi Finnish;fr French
ka Georgian;de German;el Greek;gu Gujarati, Gujurati;ht Haitian Creole, Creole, Kreyol;ha Hausa;haw Hawaiian
he Hebrew;hi Hindi;hmn Hmong;hu Hungarian;is Icelandic;ig Igbo;ilo Ilocano;id Indonesian;ga Irish;it Italian
ja Japanese;kn Kannada;kar Karen;km Khmer, Cambodian;rw Kinyarwanda;ko Korean;kri Krio;ku Kurdish;lkt Lakota;lo Lao, Laotian
lv Latvian;ln Lingala;lt Lithuanian;mk Macedonian;mai Maithili;ml Malayalam;ms Malay;mt Maltese;mnk Mandinka, Manclingo
mr Marathi;ymm Maay, Mai Mai;mn Mongolian;nv Navajo;ne Nepali;no Norwegian;om Oromo;ps Pashto;pl Polish
pt Portuguese, Portugese;pa Punjabi, Panjabi;qu Quechua;ro Romanian;ru Russian;sm Samoan;gd Scottish Gaelic;sr Serbian
sn Shona;si Sinhala, Sinhalese;sk Slovak;sl Slovenian;so Somali;es Spanish, Espanol, Castilian;sw Swahili, Kiswahili, Kiswhali
sv Swedish;nan Taiwanese;ta Tamil;te Telugu;th Thai;bo Tibetan;ti Tigrinya;to Tongan;tr Turkish;tw Twi;uk Ukrainian
ur Urdu;uz Uzbek;vi Vietnamese;cy Welsh;wo Wolof;yi Yiddish;yo Yoruba;zu Zulu
cr Cree;oj Ojibwe, Ojibway;iu Inuktitut;mic Mi'kmaq;moh Mohawk
"""


def _entries() -> list[tuple[str, list[str]]]:
    found = []
    for entry in re.split(r"[;\n]+", _LIST.strip()):
        code, _, names = entry.partition(" ")
        found.append((code, [name.strip() for name in names.split(",")]))
    return found


_NAMES = {code: names[0] for code, names in _entries()}
_CODES = {fold(name): code for code, names in _entries() for name in names}
_THREE = {"eng": "en", "spa": "es", "fra": "fr", "fre": "fr", "ara": "ar", "zho": "zh", "chi": "zh", "rus": "ru",
          "vie": "vi", "kor": "ko", "por": "pt", "deu": "de", "ger": "de", "hin": "hi", "urd": "ur", "pol": "pl"}  # fmt: skip
_NAMED = re.compile(
    r"(?<![\w'])(" + "|".join(sorted((re.escape(name) for name in _CODES), key=len, reverse=True)) + r")(?![\w'])"
)
_PAPER = re.compile(r"brochure|literature|publication|material|application|\bforms?\b|\bbooks?\b|website")
_SENTENCE = re.compile(r"(?<=[.;!?])\s+|\n")


def languages_in(text: str) -> tuple[Language, ...]:
    """The languages that a text names as spoken, each once, in its order.

    A sentence about paper (`Offers brochures in Spanish.`) names none: somebody would come and not be understood.
    """
    found: dict[str, Language] = {}
    for sentence in _SENTENCE.split(text):
        plain = fold(sentence)
        if _PAPER.search(plain):
            continue
        for match in _NAMED.finditer(plain):
            code = _CODES[match[1]]
            found.setdefault(code, Language(_NAMES[code], code))
    if not found and len(text) <= 40:  # noqa: PLR2004  # `en, es`
        for word in re.split(r"[,;/\s]+", fold(text)):
            if known := _named(word):
                found.setdefault(known.code, known)
    return tuple(found.values())


def language(name: str, code: str = "", note: str = "") -> Language:
    """One language from a row that holds nothing else; a name that is not in the list stands as it is."""
    known = _named(fold(code)) or _named(fold(name))
    if known is None and fold(name) in _CODES:
        known = Language(_NAMES[_CODES[fold(name)]], _CODES[fold(name)])
    if known is None:
        return Language(name or code, code, note)
    if name and fold(name) not in (known.code, fold(known.name), fold(code)):
        return Language(name, code or known.code, note)  # `Chinese (Mandarin)` says more than the list
    return Language(known.name, code or known.code, note)


def _named(code: str) -> Language | None:
    code = _THREE.get(code, code).split("-")[0]
    return Language(_NAMES[code], code) if code in _NAMES else None
