/* The relay's inner loop: what a packet of a latched source needs, without Python.
 *
 * Loaded by ctypes (capture/native/library.py); knows nothing of Python's objects.
 */
#include <stdint.h>

/* Raised with every change of what Python and C share; library.py has the same number. */
#define ROKUON_ABI 1

uint32_t rokuon_abi(void);

uint32_t rokuon_abi(void)
{
    return ROKUON_ABI;
}
