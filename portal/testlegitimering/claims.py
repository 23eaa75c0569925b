"""What can be told about a person, by the names of the Swedish OpenID Connect profile."""

_PREFIX = "https://id.oidc.se/claim"
NUMBER = f"{_PREFIX}/personalIdentityNumber"
COORDINATION_NUMBER = f"{_PREFIX}/coordinationNumber"
LEVEL = f"{_PREFIX}/coordinationNumberLevel"
PREVIOUS = f"{_PREFIX}/previousCoordinationNumber"
PRID = "https://id.swedenconnect.se/claim/prid"
# For whom a citizen is vouched.
ORGANISATION_NUMBER, ORGANISATION = f"{_PREFIX}/orgNumber", f"{_PREFIX}/orgName"
# No profile has a claim for protected identities, so this one has a name that nobody else can use.
PROTECTED = "https://testlegitimering.invalid/claim/protected"
NAMES = ("name", "given_name", "family_name", "birthdate")
NUMBERS = (NUMBER, COORDINATION_NUMBER)
ALL = (*NAMES, *NUMBERS, LEVEL, PREVIOUS, PRID, ORGANISATION_NUMBER, ORGANISATION, PROTECTED)

# The level and the previous number are given only to who asks for them by name.
SCOPES: dict[str, tuple[str, ...]] = {
    "openid": (),
    "profile": NAMES,
    "https://id.oidc.se/scope/naturalPersonInfo": (*NAMES, PROTECTED),
    "https://id.oidc.se/scope/naturalPersonNumber": NUMBERS,
    "https://id.oidc.se/scope/naturalPersonOrgId": (ORGANISATION_NUMBER, ORGANISATION),
    "https://id.swedenconnect.se/scope/eidasNaturalPersonIdentity": (PRID,),
}
# What a scope also puts into the ID Token; the names stand in the user information only.
IN_ID_TOKEN = {*NUMBERS, PRID}

_LOA = "http://id.elegnamnden.se/loa/1.0"
UNCERTIFIED = "http://id.swedenconnect.se/loa/1.0/uncertified-loa3"
NATIONAL = (f"{_LOA}/loa3", f"{_LOA}/loa4", UNCERTIFIED)
EIDAS = (f"{_LOA}/eidas-nf-sub", f"{_LOA}/eidas-nf-high")
ACR_VALUES = (*NATIONAL, *EIDAS)
TOO_LOW = f"{_LOA}/loa2"
