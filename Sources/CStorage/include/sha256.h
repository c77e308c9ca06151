// The compression function of SHA-256 (FIPS 180-4, 6.2.2).
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Takes `count` blocks of 64 bytes into the hash value: by the processor's SHA instructions where it has them.
void sha256_compress(uint32_t hash[8], const void *blocks, size_t count);
/// The same by instructions that every processor has.
void sha256_compress_generic(uint32_t hash[8], const void *blocks, size_t count);
