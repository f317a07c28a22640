/* A C program of ffi/ (PROGRAM) as a program of Windows: its arguments in UTF-8, as the library takes paths, its output byte by
 * byte. */
#include <fcntl.h>
#include <io.h>
#include <stdlib.h>
#include <windows.h>

#define main program
#include PROGRAM
#undef main

int wmain(int argc, wchar_t **argv) {
    char **told = calloc((size_t)argc + 1, sizeof *told);
    if (!told) return 1;
    for (int at = 0; at < argc; at++) {
        int length = WideCharToMultiByte(CP_UTF8, 0, argv[at], -1, NULL, 0, NULL, NULL);
        told[at] = malloc((size_t)length);
        if (!told[at] || !WideCharToMultiByte(CP_UTF8, 0, argv[at], -1, told[at], length, NULL, NULL)) return 1;
    }
    _setmode(_fileno(stdout), _O_BINARY);
    return program(argc, told);
}
