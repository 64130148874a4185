#include "../src/table.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

int main(void) {
	struct table table;
	assert(table_open(&table));
	/* More distinct lines than the first table has slots, each as often as its last digit says, and once more. */
	char line[32];
	for (int round = 0; round < 10; round++) {
		for (int i = 0; i < 5000; i++) {
			int length = snprintf(line, sizeof line, "line %d", i);
			if (i % 10 >= round) assert(table_add(&table, line, (size_t)length));
		}
	}
	assert(table_add(&table, "", 0));
	table_sort(&table);
	assert(table.used == 5001);
	assert(table.entries[0].count == 10 && memcmp(table.entries[0].text, "line 9", 6) == 0);
	assert(table.entries[1].count == 10 && memcmp(table.entries[1].text, "line 19", 7) == 0);
	assert(table.entries[5000].count == 1 && table.entries[5000].length == 0);
	table_close(&table);
	puts("table: ok");
	return 0;
}
