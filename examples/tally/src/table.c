#include "table.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 1024 };

/* FNV-1a, 64 bits. */
static uint64_t to_hash(const char *text, size_t length) {
	uint64_t hash = UINT64_C(14695981039346656037);
	for (size_t i = 0; i < length; i++) {
		hash ^= (unsigned char)text[i];
		hash *= UINT64_C(1099511628211);
	}
	return hash;
}

/* The slot that holds the text, or the empty one where it belongs. slot_count is a power of two. */
static size_t find_slot(const struct table *table, const char *text, size_t length) {
	size_t slot = (size_t)to_hash(text, length) & (table->slot_count - 1);
	while (table->slots[slot] != 0) {
		const struct entry *entry = &table->entries[table->slots[slot] - 1];
		if (entry->length == length && memcmp(entry->text, text, length) == 0) break;
		slot = (slot + 1) & (table->slot_count - 1);
	}
	return slot;
}

static bool grow_slots(struct table *table) {
	size_t *old = table->slots;
	size_t *slots = calloc(table->slot_count * 2, sizeof *slots);
	if (!slots) return false;
	table->slots = slots;
	table->slot_count *= 2;
	for (size_t i = 0; i < table->used; i++) {
		const struct entry *entry = &table->entries[i];
		table->slots[find_slot(table, entry->text, entry->length)] = i + 1;
	}
	free(old);
	return true;
}

static bool grow_entries(struct table *table) {
	size_t room = table->room ? table->room * 2 : FIRST_SLOTS / 2;
	struct entry *entries = realloc(table->entries, room * sizeof *entries);
	if (!entries) return false;
	table->entries = entries;
	table->room = room;
	return true;
}

bool table_open(struct table *table) {
	*table = (struct table){.slot_count = FIRST_SLOTS};
	table->slots = calloc(table->slot_count, sizeof *table->slots);
	return table->slots != NULL;
}

bool table_add(struct table *table, const char *text, size_t length) {
	size_t slot = find_slot(table, text, length);
	if (table->slots[slot] != 0) {
		table->entries[table->slots[slot] - 1].count++;
		return true;
	}
	if (table->used == table->room && !grow_entries(table)) return false;
	char *copy = malloc(length ? length : 1);
	if (!copy) return false;
	memcpy(copy, text, length);
	table->entries[table->used] = (struct entry){copy, length, 1, table->used};
	table->slots[slot] = ++table->used;
	return table->used * 2 <= table->slot_count || grow_slots(table);
}

static int compare(const void *left, const void *right) {
	const struct entry *a = left, *b = right;
	if (a->count != b->count) return a->count < b->count ? 1 : -1;
	return a->first < b->first ? -1 : a->first > b->first;
}

void table_sort(struct table *table) {
	if (table->used > 0) qsort(table->entries, table->used, sizeof *table->entries, compare);
}

void table_close(struct table *table) {
	for (size_t i = 0; i < table->used; i++) free(table->entries[i].text);
	free(table->entries);
	free(table->slots);
	*table = (struct table){0};
}
