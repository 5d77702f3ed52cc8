"""Whether SRTP can be done in C depends on the libcrypto that is found, and on how it is made."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.capture.native.compiled import compiled, needs_compiler

# As much of libcrypto as the loop looks for; where the length of what was hashed lies is said.
_LIBRARY = """\
#include <stdlib.h>
#include <string.h>
#define CIPHER(name) const void *name(void); const void *name(void) { return "cipher"; }
void *EVP_CIPHER_CTX_new(void);
void *EVP_CIPHER_CTX_new(void) { return malloc(8); }
void EVP_CIPHER_CTX_free(void *at);
void EVP_CIPHER_CTX_free(void *at) { free(at); }
CIPHER(EVP_aes_128_ctr) CIPHER(EVP_aes_256_ctr) CIPHER(EVP_aes_128_gcm) CIPHER(EVP_aes_256_gcm)
int EVP_CipherInit_ex(void);
int EVP_CipherInit_ex(void) { return 1; }
int EVP_CipherUpdate(void);
int EVP_CipherUpdate(void) { return 1; }
int EVP_CipherFinal_ex(void);
int EVP_CipherFinal_ex(void) { return 1; }
int EVP_CIPHER_CTX_ctrl(void);
int EVP_CIPHER_CTX_ctrl(void) { return 1; }
int SHA1_Init(unsigned *hash);
int SHA1_Init(unsigned *hash) { memset(hash, 0, 96); return 1; }
int SHA1_Update(unsigned *hash, const void *data, size_t length);
int SHA1_Update(unsigned *hash, const void *data, size_t length)
{
    (void)data;
    hash[LENGTH_LIES_AT] = 8 * (unsigned)length;
    return 1;
}
int SHA1_Final(unsigned char *digest, unsigned *hash);
int SHA1_Final(unsigned char *digest, unsigned *hash) { memcpy(digest, hash, 20); return 1; }
"""
_ASK = """import ctypes, sys
asked = ctypes.CDLL(sys.argv[1]).rokuon_crypto
asked.restype = ctypes.c_bool
print(asked())
"""


@needs_compiler
@pytest.mark.parametrize(("lies_at", "is_used"), [(5, True), (6, False)])
def test_a_libcrypto_whose_hash_is_laid_out_otherwise_is_not_used(
    lies_at: int, is_used: bool, tmp_path: Path
) -> None:
    """Tags of its states would fit no packet, and none would be passed on."""
    source = tmp_path / "libcrypto.c"
    source.write_text(_LIBRARY)
    compiled(tmp_path / "libcrypto.so.3", f"-DLENGTH_LIES_AT={lies_at}", source=source)
    loop = compiled(tmp_path / "relay_loop.so")
    told = subprocess.run(
        [sys.executable, "-S", "-c", _ASK, str(loop)],
        env=os.environ | {"LD_LIBRARY_PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.strip() == str(is_used)
