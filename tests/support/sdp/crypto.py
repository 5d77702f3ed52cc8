"""What tests of crypto share."""

KEY_30 = b"inline:" + b"QUFB" * 10


KEY_44 = b"inline:" + b"QUFB" * 14 + b"QUE="


USUAL = b"1 AES_CM_128_HMAC_SHA1_80 " + KEY_30


GCM = b"9 AEAD_AES_256_GCM " + KEY_44
