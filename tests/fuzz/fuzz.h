/*
 * fuzz.h - what a fuzz target is: one function over one input, called by libFuzzer (make fuzz) or
 * by replay.c with the files of its corpus (make fuzz-replay).
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include "base/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
