"""The words by which column heads and cells are recognised, in English, German, French, Spanish.

All are written without accents and in lower case, as `head_words` gives them.
"""

from __future__ import annotations

import re
import unicodedata

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def head_words(head: str) -> str:
    """A column's head in plain words.

    >>> head_words("LanguageWantToWorkWith"), head_words("E-Mail (privé)")
    ('language want to work with', 'e mail prive')
    """
    apart = _CAMEL.sub(" ", head)
    plain = unicodedata.normalize("NFKD", apart.casefold())
    return " ".join(
        re.findall(r"[a-z0-9#+]+", "".join(c for c in plain if not unicodedata.combining(c)))
    )


def has(words: str, pattern: str) -> bool:
    """Whether the words hold one of the pattern's alternatives, each from word to word."""
    return re.search(rf"\b(?:{pattern})\b", words) is not None


PROTECTED = (
    r"gender|sex|sexual|sexuality|orientation|lgbt\w*|pronouns?|trans|transgender"
    r"|identity|identities"
    r"|characteristics?|ethnic\w*|race|racial|origin|nationality|citizenship|disabilit\w+|disabled|health"
    r"|neurodivers\w+|religio\w+|faith|beliefs?|politic\w*|trade union|age|aged|birth\w*|dob|born"
    r"|marital|married|pregnan\w+|maternity|veteran|caring responsibilities|carer"
    r"|geschlecht\w*|ethni\w+|herkunft|staatsangehorigkeit|nationalitat|behinderung\w*|gesundheit"
    r"|konfession|glaube|alter|geburt\w*|familienstand|gewerkschaft"
    r"|sexe|genre|origine|nationalite|handicap|sante|naissance|etat civil|orientation sexuelle"
    r"|sexo|genero|etnia|raza|nacionalidad|discapacidad|salud|edad|nacimiento|estado civil"
)
PROTECTED_VALUES = (
    r"(?:(?:non )?binary|nonbinary|(?:fe)?male|wom[ae]n|m[ae]n|trans(?:gender)?|gay|lesbian"
    r"|(?:bi|a|hetero|homo|pan)sexual|straight|queer|disabled|christian|muslim|jewish|hindu"
    r"|buddhist|sikh|atheist|white|black|asian|mannlich|weiblich|divers|homme|femme|hombre|mujer"
    r"|or|and| )+"
)
"""Matches cells that say nothing but this."""

FREE_TEXT = (
    r"bio|biography|about (?:me|you|yourself)|comments?|notes?|motivation|statement"
    r"|anything else|why"
    r"|describe|description|reasons?|beschreibung|bemerkung(?:en)?|kommentare?|biographie"
    r"|remarques?"
    r"|commentaires?|biografia|comentarios?|descripcion"
)
PRIVATE = (
    r"phone|telephone|tel|mobile|street|address line|postcode|zip|salary|pay|password|iban"
    r"|telefon|handy|strasse|postleitzahl|gehalt|rue|salaire|telefono|calle|salario"
)
STAMP = (
    r"time ?stamp|submitted|created|zeitstempel|horodateur|marca temporal|start time"
    r"|completion time"
)

EMAIL = r"e ?mails?(?: address)?|mail|courriel|correo(?: electronico)?"
ID = (
    r"id|identifier|uid|guid|(?:employee|staff|personnel|student) (?:number|no)"
    r"|(?:personal|mitarbeiter|matrikel|dienst) ?(?:nummer|nr)|kennung|kurzel|matricule|matricula"
)
RUNNING = r"(?:\w+ )?(?:nr|no|num|numero|number)|\w*nummer|#"
"""Matches a whole head that may only count the rows of its file."""
FIRST_NAME = r"first names?|given names?|forenames?|vorname|prenom"
LAST_NAME = r"last names?|surnames?|family names?|nachname|familienname|nom de famille|apellidos?"
NAME = (
    r"(?:(?:full|your|display|mentee|mentor|participant|employee|staff) )?name"
    r"|nom(?: complet)?|nombre(?: completo)?"
)
"""Matches a whole head: many end in name, such as that of the company."""
TIME_ZONE = r"time ?zone|tz|zeitzone|fuseau(?: horaire)?|zona horaria|huso horario"
LANGUAGES = r"languages?(?: spoken)?|spoken languages?|sprachen?|langues?|idiomas?|lenguas?"
AVAILABILITY = (
    r"availab\w+|free(?: times?)?|(?:meeting )?times?|office hours|when (?:are|can) you"
    r"|verfugbar\w*|zeiten|sprechzeiten|disponib\w+|horaires?|horarios?"
)
_A = r"(?:(?:a|per|each|every|in a|in the) )?"
HOURS = (
    r"(?:(?:available|free|monthly|mentoring) )?hours?(?: available)?|stunden|heures?|horas?"
    r"|std"
)
"""Matches a whole head that may mean hours a month."""
HOURS_A_MONTH = (
    rf"(?:hours?|hrs?|h) {_A}month|monthly hours?|hours? monthly|month hours?"
    r"|(?:stunden|std|h) (?:(?:pro|im|je) )?monat|monatsstunden|monatlich\w* stunden"
    r"|(?:heures?|h) (?:(?:par|chaque) )?mois|(?:horas?|h) (?:(?:al|por|cada) )?mes"
)
INTERESTS = r"interests?|hobbies|hobby|topics?|interessen|themen|interets?|intereses|aficiones"
AVOIDS = r"avoids?|not with|conflicts? of interest|nicht mit|eviter|evitar"
NOT_AGAIN = (
    r"not again|previous (?:mentor|mentee|partner)s?|former (?:mentor|mentee|partner)s?|nie wieder"
)
PREFERS = r"prefer\w*|wish(?:es)?|first choices?|wunsch\w*|preferences?|preferid[oa]s?"
MANAGER = r"(?:line )?manager|supervisor|boss|reports to|vorgesetzter?|superieur|jefe"
OTHERS = "|".join((NOT_AGAIN, AVOIDS, MANAGER))
"""Heads of columns that name other people."""
SEEKS = (
    r"want(?:s|ed)?|learn\w*|seek\w*|looking for|(?:would(?: you)?|d) like|goals?|develop|desired"
    r"|improve\w*|sought"
    r"|development (?:areas?|needs?|goals?)|areas? (?:of|for) development"
    r"|need(?:s|ed)?|gain|hop(?:e|ing) to|help (?:me )?with|growth areas?"
    r"|suche?n?|sucht|gesucht\w*|brauch\w*|mochte\w*|lernen|lernziele?|lernfelder"
    r"|apprendre|developper|desarrollar|cherche|souhaite|besoin\w*|aprender|busco|necesito|objetivos"
)
OFFERING = (
    r"(?:can|could|able to|happy to|willing to|(?:want|like) to)(?: (?:i|you))?"
    r" (?:teach|offer|help|share|mentor|advise|support|coach|give)"
    r"|(?:kann|konnte)(?:st)?(?: (?!man\b|dir\b|ihnen\b)\w+){0,2}"
    r" (?:helfen|unterstutzen|anbieten|beibringen|weitergeben)"
    r"|(?:peux|puedo) (?:aider|enseigner|partager|ayudar|ensenar|compartir)"
)
"""Says that someone offers, whatever other words of the head say."""
OFFERS = (
    r"teach\w*|offer\w*|expertise|strengths?"
    r"|have worked|worked with|skills?|competenc\w+|biete[nt]?|kann|starken|fahigkeiten|kenntnisse"
    r"|kompetenzen"
    r"|competences|points forts|j offre|habilidades|competencias|ofrezco|ensenar"
)
CAPACITY = (
    r"capacity|places|slots|how many (?:mentees|people)"
    r"|(?:max|maximum|number of|no of) mentees|mentees (?:max\w*|at most|limit)|mentee limit"
    r"|kapazitat|platze|anzahl mentees|wie viele mentees"
    r"|capacite|nombre de mentees|capacidad|plazas|numero de mentees"
)
MENTEE_CAPACITY = (
    r"how many mentors|(?:max|maximum|number of|no of) mentors|mentors (?:max\w*|at most|limit)"
    r"|anzahl mentor\w*|wie viele mentor\w*|nombre de mentors|numero de mentores"
)
IN_ALL = r"in (?:all|total)|overall|altogether|insgesamt|en tout|en total"
"""Of a capacity: that it counts the partners in all programmes."""
_WISH = (
    r"(?:want\w*|need\w*|looking for|seek\w*|searching for|(?:would(?: you)?|d) like|having"
    r"|request\w*|find|get|mochte\w*|suche?\w*|brauch\w*|wunsch\w*|cherche|souhaite|busco|quiero|necesito)"
    r"(?: (?!be\b|become\b|act\b|serve\b|as\b|volunteer\b|mentors?\b|mentees?\b|or\b|and\b)\w+)"
    r"{0,3}?(?<! to) "
)
_NO_OFFICE = r"(?! (?:sein|werden|others|someone|people|colleagues))"
WANTS_MENTOR = (
    rf"{_WISH}(?:mentor(?:s|in|ing)?|mentora|mentore)\b{_NO_OFFICE}"
    r"|be(?:ing)? mentored|mentor(?:s| ?in)? (?:wanted|needed|sought|gesucht)"
)
WANTS_MENTEE = rf"{_WISH}(?:mentees?|mentoree)\b{_NO_OFFICE}|mentees? (?:wanted|sought|gesucht)"
"""Who wants a mentor is a mentee, and the other way round."""
MENTOR = r"mentors?|mentoring|mentorin|mentora|mentore"
MENTEE = r"mentees?|protegee?s?|learner|mentoree"

ATTRIBUTES = {
    "organisation": (
        r"organi[sz]ation|company|employer|firma|unternehmen|entreprise|empresa|organizacion"
        r"|organisme"
    ),
    "department": (
        r"department|division|directorate|business unit|team|abteilung|bereich|departement"
        r"|service|departamento"
    ),
    "location": (
        r"location|city|town|office|site|country|region|standort|ort|stadt|land|lieu|ville"
        r"|pays|ciudad|pais|ubicacion|sede"
    ),
    "grade": r"grade|level|band|seniority|rank|stufe|besoldung|niveau|nivel|grado",
    "profession": r"profession|discipline|occupation|beruf|metier|profesion",
    "industry": r"industry|sector|branche|secteur|industria",
    "years": (
        r"years|work exp|experience years|jahre|berufsjahre"
        r"|annees|anos de experiencia"
    ),
}

SCALES: tuple[tuple[str, ...], ...] = (
    ("AA", "AO", "EO", "HEO", "SEO", "Grade 7", "Grade 6", "SCS1", "SCS2", "SCS3", "SCS4"),
    ("intern", "trainee", "junior", "mid", "senior", "lead", "principal", "director", "executive"),
    ("intern", "junior", "intermediate", "senior", "staff", "principal", "distinguished"),
    (
        "analyst",
        "associate",
        "senior associate",
        "manager",
        "senior manager",
        "director",
        "partner",
    ),
    ("assistant professor", "associate professor", "professor"),
    ("beginner", "intermediate", "advanced", "expert"),
    ("novice", "beginner", "competent", "proficient", "expert"),
    ("low", "medium", "high"),
    ("entry level", "mid level", "senior level", "executive level"),
    ("A1", "A2", "B1", "B2", "C1", "C2"),
    ("Praktikant", "Junior", "Senior", "Teamleiter", "Abteilungsleiter", "Bereichsleiter"),
    ("débutant", "intermédiaire", "avancé", "expert"),
    ("principiante", "intermedio", "avanzado", "experto"),
    *(
        tuple(f"{word}{step}" for step in range(1, 16))
        for word in ("L", "E", "Level ", "Band ", "Grade ")
    ),
)
MISSING = ("na", "n/a", "#n/a", "-", "–", "null", "nan", "k. a.", "k.a.")
YES = frozenset({"yes", "y", "true", "1", "x", "✓", "✔", "ja", "j", "oui", "si", "sí"})
NO = frozenset({"no", "n", "false", "0", "nein", "non", ""})
NONE = NO | {"none", "neither", "keine", "keins", "aucun", "ninguno"}
BOTH = r"both|beides?|les deux|ambos|ambas"
