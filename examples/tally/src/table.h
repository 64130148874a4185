/* Counts distinct lines: a hash table with open addressing that keeps the order of first appearance. */
#ifndef TALLY_TABLE_H
#define TALLY_TABLE_H

#include <stdbool.h>
#include <stddef.h>

struct entry {
	char *text;
	size_t length;
	unsigned long count;
	size_t first; /* which distinct line this was, from 0 */
};

struct table {
	struct entry *entries; /* the first `used` are filled, in order of appearance until table_sort */
	size_t used, room;
	size_t *slots; /* index into entries plus one; 0 is empty */
	size_t slot_count;
};

/* All functions that need memory return false when there is none. */
bool table_open(struct table *table);
bool table_add(struct table *table, const char *text, size_t length);
/* Most frequent first; equal counts keep the order of appearance. Nothing may be added after it. */
void table_sort(struct table *table);
void table_close(struct table *table);

#endif
