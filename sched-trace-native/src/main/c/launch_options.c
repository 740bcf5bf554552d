/* SPDX-License-Identifier: Apache-2.0 */
#include "launch_options.h"
#include <stddef.h>
#include <string.h>

struct option {
	const char *name;
	char letter;			/* 0 = none */
	bool has_value;
};

/* The options of Options.java and TraceOptions.java; LauncherOptionsTest compares. */
static const struct option table[] = {
	{ "--trace-id", 0, true },
	{ "--parent-id", 0, true },
	{ "--format", 0, true },
	{ "--output", 'o', true },
	{ "--dns", 0, false },
	{ "--getaddrinfo", 0, false },
	{ "--quiet", 'q', false },
	{ "--ring-size", 0, true },
	{ "--attribute", 'a', true },
	{ "--name", 0, true },
	{ "--user", 0, true },
	{ "--root", 0, false },
	{ "--otlp", 0, false },
	{ "--otlp-args", 0, false },
	{ "--no-redact", 0, false },
	{ "--help", 'h', false },
	{ "--version", 'V', false },
};

/* The subcommands, which the JVM runs alone. */
static const char *const subcommands[] = { "setup", "doctor" };

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

static void keep(struct launch_options *options, const struct option *option, const char *value)
{
	if (option->letter == 'o')
		options->output = value;
	else if (!strcmp(option->name, "--user"))
		options->user = value;
	else if (!strcmp(option->name, "--root"))
		options->root = true;
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
		do
			option = by_letter(*++word);
		while (option && !option->has_value && word[1]);
		value = !word[0] || !word[1] ? NULL : word[1] == '=' ? word + 2 : word + 1;
	}
	if (!option)
		return i;
	*answers |= option->letter == 'h' || option->letter == 'V';
	if (option->has_value && !value)
		value = argv[i + 1] ? argv[++i] : NULL;
	keep(options, option, value);
	return i;
}

void find_command(struct launch_options *options, int argc, char **argv)
{
	bool answers = false;
	int i;

	memset(options, 0, sizeof(*options));
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
