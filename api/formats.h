/*
 * formats.h - the string formats of OpenAPI that custom resources are checked for.
 *
 * Which they are, and how loosely each is read, follows the format registry of kube-openapi.
 *
 * Threads: any. Owns: nothing. Tests: tests/unit/api/test_formats.c, tests/fuzz/fuzz_formats.c
 */
#ifndef API_FORMATS_H
#define API_FORMATS_H

#include "base/slice.h"

typedef bool (*FormatFn)(Slice s);

/* The check for a format ("date-time"; hyphens do not count), NULL when it is not known. */
FormatFn format_find(const char *name);
/* Is it known for values of this schema type ("" and "string": those above; int32, float, ...)? */
bool format_is_known(const char *type, const char *name);

/* What is wrong with a text of one of the formats that expressions name (dns1123Label, uuid, ...):
 * one call for each mistake, none when it is fine. */
typedef void (*FormatReportFn)(void *data, const char *message);
void format_report(const char *name, Slice text, FormatReportFn report, void *data);

#endif
