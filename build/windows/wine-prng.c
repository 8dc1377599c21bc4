/* bcryptprimitives.dll for wine 8, which has none: Go's runtime takes its
   random numbers from ProcessPrng and stops without it.
   https://learn.microsoft.com/en-us/windows/win32/seccng/processprng */
#include <windows.h>

/* RtlGenRandom by its exported name; no header declares it.
   https://learn.microsoft.com/en-us/windows/win32/api/ntsecapi/nf-ntsecapi-rtlgenrandom */
extern BOOLEAN WINAPI SystemFunction036(PVOID buffer, ULONG length);

BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T left) {
  while (left > 0) {
    ULONG part = left > 0x40000000 ? 0x40000000 : (ULONG)left;
    if (!SystemFunction036(data, part))
      return FALSE;
    data += part;
    left -= part;
  }
  return TRUE;
}
