#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "table.h"

static const char USAGE[] =
	"Usage: tally [-n NUMBER] [FILE...]\n"
	"\n"
	"Counts how often each line occurs, most frequent first.\n"
	"Reads standard input where no FILE is given, or where FILE is -.\n"
	"\n"
	"  -n NUMBER  print only the NUMBER most frequent lines\n"
	"  -h         print this text\n";

static int fail(const char *what) {
	fprintf(stderr, "tally: %s: %s\n", what, strerror(errno));
	return EXIT_FAILURE;
}

static int read_lines(FILE *file, const char *name, struct table *table) {
	char *line = NULL;
	size_t room = 0;
	ssize_t length;
	int status = EXIT_SUCCESS;
	while (status == EXIT_SUCCESS && (length = getline(&line, &room, file)) != -1) {
		if (line[length - 1] == '\n') length--;
		if (!table_add(table, line, (size_t)length)) status = fail(name);
	}
	if (status == EXIT_SUCCESS && ferror(file)) status = fail(name);
	free(line);
	return status;
}

static int read_file(const char *name, struct table *table) {
	if (strcmp(name, "-") == 0) return read_lines(stdin, "standard input", table);
	FILE *file = fopen(name, "r");
	if (!file) return fail(name);
	int status = read_lines(file, name, table);
	fclose(file);
	return status;
}

static int print(const struct table *table, unsigned long limit) {
	for (size_t i = 0; i < table->used && i < limit; i++) {
		const struct entry *entry = &table->entries[i];
		printf("%7lu ", entry->count);
		fwrite(entry->text, 1, entry->length, stdout);
		putchar('\n');
	}
	return fflush(stdout) == 0 && !ferror(stdout) ? EXIT_SUCCESS : fail("standard output");
}

static int parse_limit(const char *text, unsigned long *limit) {
	char *end;
	errno = 0;
	*limit = strtoul(text, &end, 10);
	if (errno == 0 && *text >= '0' && *text <= '9' && *end == '\0') return EXIT_SUCCESS;
	fprintf(stderr, "tally: expected a number after -n, got \"%s\"\n", text);
	return 2;
}

int main(int argc, char **argv) {
	unsigned long limit = (unsigned long)-1;
	int option, status = EXIT_SUCCESS;
	while ((option = getopt(argc, argv, "hn:")) != -1) {
		if (option == 'h') return fputs(USAGE, stdout) < 0;
		if (option != 'n') return fputs(USAGE, stderr), 2;
		if ((status = parse_limit(optarg, &limit)) != EXIT_SUCCESS) return status;
	}
	struct table table;
	if (!table_open(&table)) return fail("memory");
	if (optind == argc) status = read_file("-", &table);
	for (; status == EXIT_SUCCESS && optind < argc; optind++) status = read_file(argv[optind], &table);
	table_sort(&table);
	if (status == EXIT_SUCCESS) status = print(&table, limit);
	table_close(&table);
	return status;
}
