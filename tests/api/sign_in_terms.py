"""How people sign in where tests ask: hashes that cost next to nothing."""

from api.sign_in.password_hashes import Cost
from api.sign_in.sign_in_key import KEY_BYTES, SignInKey
from api.sign_in.terms import SignInTerms

TERMS = SignInTerms(
    key=SignInKey(bytes(range(KEY_BYTES))), cost=Cost(memory_kib=8, passes=1, lanes=1)
)
