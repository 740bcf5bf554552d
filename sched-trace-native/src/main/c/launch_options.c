/* SPDX-License-Identifier: Apache-2.0 */
#include "launch_options.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct option {
	const char *name;
	char letter;			/* 0 = none */
	bool has_value;
	bool sure;			/* without a value that can be wrong, and without an effect on what is loaded */
};

/* The options of Options.java and TraceOptions.java; LauncherOptionsTest compares. */
static const struct option table[] = {
	{ "--trace-id", 0, true, false },
	{ "--parent-id", 0, true, false },
	{ "--format", 0, true, false },
	{ "--output", 'o', true, false },
	{ "--dns", 0, false, false },
	{ "--getaddrinfo", 0, false, false },
	{ "--quiet", 'q', false, true },
	{ "--ring-size", 0, true, false },
	{ "--attribute", 'a', true, false },
	{ "--name", 0, true, false },
	{ "--via", 0, true, false },
	{ "--user", 0, true, true },
	{ "--root", 0, false, true },
	{ "--otlp", 0, false, false },
	{ "--otlp-args", 0, false, false },
	{ "--no-redact", 0, false, true },
	{ "--help", 'h', false, false },
	{ "--version", 'V', false, false },
};

/* The subcommands, which the JVM runs alone. */
static const char *const subcommands[] = { "show", "summary", "compare", "setup", "daemon", "doctor" };

static const struct option *by_name(const char *name, size_t length)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strlen(table[i].name) == length && !memcmp(table[i].name, name, length))
			return &table[i];
	return NULL;
}

static const struct option *by_letter(char letter)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].letter == letter)
			return &table[i];
	return NULL;
}

static bool is_subcommand(const char *word)
{
	for (size_t i = 0; i < sizeof(subcommands) / sizeof(subcommands[0]); i++)
		if (!strcmp(subcommands[i], word))
			return true;
	return false;
}

/* Whether the JVM will be able to write a regular file. */
static bool can_write(const char *file)
{
	char directory[PATH_MAX];
	struct stat info;

	for (const char *byte = file; *byte; byte++)
		if (*byte & 0x80)		/* not every locale lets Java read that */
			return false;
	if (!stat(file, &info))
		return S_ISREG(info.st_mode) && !faccessat(AT_FDCWD, file, W_OK, AT_EACCESS);
	if (errno != ENOENT || !*file || strlen(file) >= sizeof(directory) || file[strlen(file) - 1] == '/')
		return false;
	strcpy(directory, file);
	return !faccessat(AT_FDCWD, strchr(file, '/') ? dirname(directory) : ".", W_OK, AT_EACCESS);
}

/*
 * Opens what the JVM cannot, as it has neither the descriptors nor the terminal of this process. Returns -1 if the
 * JVM shall open the file, or tell why that is not possible.
 */
static int open_output(const char *file)
{
	int fd = -1, moved;

	if (!strcmp(file, "-"))
		return fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (!strncmp(file, "/dev/", 5) || !strncmp(file, "/proc/", 6))
		fd = open(file, O_WRONLY | O_TRUNC | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 || fd > STDERR_FILENO)
		return fd;
	moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	close(fd);
	return moved;
}

static void keep(struct launch_options *options, const struct option *option, const char *value)
{
	bool sure = option->sure;

	if (option->letter == 'o') {
		options->output = value ? open_output(value) : -1;
		sure = options->output >= 0 || (value && can_write(value));
	} else if (!strcmp(option->name, "--format")) {
		sure = value && (!strcmp(value, "text") || !strcmp(value, "json") || !strcmp(value, "tree"));
	} else if (!strcmp(option->name, "--user")) {
		options->user = value;
	} else if (!strcmp(option->name, "--root")) {
		options->root = true;
	}
	options->sure = options->sure && sure && !(options->seen & 1U << (option - table));
	options->seen |= 1U << (option - table);
}

/* Reads the option in argv[i]. Returns the index of its last word. The JVM complains of one that is unknown. */
static int read_option(struct launch_options *options, char **argv, int i, bool *answers)
{
	const char *word = argv[i], *value = strchr(word, '=');
	const struct option *option;

	if (word[1] == '-') {
		option = by_name(word, value ? (size_t)(value - word) : strlen(word));
		value = value ? value + 1 : NULL;
	} else {
		/* Options of one letter that have no value may share a word. */
		options->sure = options->sure && !word[2];
		do
			option = by_letter(*++word);
		while (option && !option->has_value && word[1]);
		value = !word[0] || !word[1] ? NULL : word[1] == '=' ? word + 2 : word + 1;
	}
	if (!option) {
		options->sure = false;
		return i;
	}
	*answers |= option->letter == 'h' || option->letter == 'V';
	options->sure = options->sure && (option->has_value || !value);
	if (option->has_value && !value) {
		value = argv[i + 1] ? argv[++i] : NULL;
		options->sure = options->sure && value && value[0] != '-';
	}
	keep(options, option, value);
	return i;
}

void find_command(struct launch_options *options, int argc, char **argv)
{
	bool answers = false;
	int i;

	memset(options, 0, sizeof(*options));
	options->sure = true;
	options->output = -1;
	for (i = 1; i < argc && argv[i][0] == '-' && argv[i][1] && strcmp(argv[i], "--"); i++)
		i = read_option(options, argv, i, &answers);
	options->count = (i < argc ? i : argc) - 1;
	if (i >= argc || answers)
		return;
	if (!strcmp(argv[i], "--"))
		options->command = argv[i + 1] ? argv + i + 1 : NULL;
	else if (!is_subcommand(argv[i]))
		options->command = argv + i;
}
