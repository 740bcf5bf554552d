# record-layout-java.awk -v fingerprint=NUMBER LAYOUT: prints RecordLayout.java for what record-layout.awk has printed.

# process_start -> ProcessStart
function camel(name,    words, n, i, text) {
	n = split(name, words, "_")
	for (i = 1; i <= n; i++)
		text = text toupper(substr(words[i], 1, 1)) substr(words[i], 2)
	return text
}

# Ends the class. An enum with a COUNT has names.
function end_class(    i) {
	if (names) {
		print "\n        private static final String[] NAMES = {" names "\n        };"
		print "\n        /** The name of a number, such as {@code " first "}. */"
		print "        public static String name(int number) {"
		print "            return NAMES[number];"
		print "        }"
	}
	if (class)
		print "\n        private " class "() {}\n    }"
	names = ""
}

BEGIN {
	print "package io.schedtrace.bpf;\n"
	print "/**"
	print " * The layout of the records in the ring and of the table of sessions, generated from {@code record.h}: sizes, and the"
	print " * offset of each field from the beginning of its struct. {@code SIZEOF} excludes a flexible array at the end."
	print " */"
	print "public final class RecordLayout {"
	print "    /** A hash of all numbers below; that of the native library must be equal. */"
	print "    static final long FINGERPRINT = " fingerprint ";"
	print "\n    private RecordLayout() {}"
}

$1 == "class" {
	end_class()
	class = camel($2)
	n = 0
	print "\n    /** {@code st_" $2 "} in {@code record.h}. */"
	print "    public static final class " class " {"
}

$1 == "constant" {
	print "        public static final int " $2 " = " $3 ";"
	constant[n] = tolower($2)
	at[n++] = $3
}

# The names of the numbers from 1 to COUNT - 1.
$2 == "COUNT" && at[0] == 1 {
	names = "\n            \"\","
	first = constant[0]
	for (i = 0; i < n - 1; i++)
		names = names "\n            \"" constant[i] "\","
}

END {
	end_class()
	print "}"
}
