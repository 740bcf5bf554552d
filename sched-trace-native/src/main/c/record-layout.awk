# record-layout.awk BTF-DUMP record.h: prints the layout of the records from the output of `bpftool btf dump`.
#
#   class STRUCT-OR-ENUM
#   constant NAME NUMBER
#
# The structs and enums are the members of union record_layout (schedtrace.bpf.c), in that order. It is an error if
# record.h defines another one, which would be missing in Java.

function fail(message) {
	print "record-layout.awk: " message > "/dev/stderr"
	failed = 1
	exit 1
}

function number(field,    pair) {
	split(field, pair, "=")
	return pair[2] + 0
}

# The value of key=VALUE in this line.
function value(key,    i) {
	for (i = 1; i <= NF; i++)
		if (index($i, key "=") == 1)
			return number($i)
	return -1
}

# st_process_start -> process_start
function short(name) {
	sub(/^st_/, "", name)
	return name
}

# The type behind typedefs and qualifiers.
function resolve(type) {
	while (kind[type] ~ /^(TYPEDEF|CONST|VOLATILE)$/)
		type = target[type]
	return type
}

# ST_LOSSY -> LOSSY, and in st_limit ST_LIMIT_BLOCK -> BLOCK.
function print_enum(type,    i, own, text) {
	own = toupper(short(name[type])) "_"
	for (i = 0; i < count[type]; i++) {
		text = toupper(short(tolower(member[type, i])))
		if (index(text, own) == 1)
			text = substr(text, length(own) + 1)
		print "constant", text, at[type, i]
	}
}

# Prints the fields of a struct, and those of a struct inside it as PREFIX_FIELD. Omits a struct inside it that has a class
# of its own, as the header has.
function print_fields(type, prefix, offset,    i, of, text) {
	used[name[type]] = 1
	for (i = 0; i < count[type]; i++) {
		of = resolve(of_member[type, i])
		text = prefix toupper(member[type, i])
		if (kind[of] == "STRUCT") {
			if (!(of in is_class))
				print_fields(of, text "_", offset + at[type, i] / 8)
			continue
		}
		print "constant", text, offset + at[type, i] / 8
		if (kind[of] == "ARRAY" && elements[of] > 0)
			print "constant", text "_LENGTH", elements[of]
	}
}

function print_classes(root,    i, type) {
	for (i = 0; i < count[root]; i++)
		is_class[resolve(of_member[root, i])] = 1
	for (i = 0; i < count[root]; i++) {
		type = resolve(of_member[root, i])
		used[name[type]] = 1
		print "class", short(name[type])
		if (kind[type] == "ENUM") {
			print_enum(type)
		} else {
			print "constant SIZEOF", size[type]
			print_fields(type, "", 0)
		}
	}
}

# [21] STRUCT 'owner' size=88 vlen=15
FNR == NR && /^\[/ {
	type = substr($1, 2, length($1) - 2)
	kind[type] = $2
	name[type] = substr($3, 2, length($3) - 2)
	size[type] = value("size")
	target[type] = value("type_id")
	elements[type] = value("nr_elems")
	count[type] = 0
	if ($2 == "UNION" && name[type] == "record_layout")
		root = type
	next
}

# A member of the type: 'session' type_id=18 bits_offset=0, or 'ST_DNS_ANSWER' val=9.
FNR == NR && /^\t'/ {
	member[type, count[type]] = substr($1, 2, length($1) - 2)
	of_member[type, count[type]] = value("type_id")
	at[type, count[type]] = kind[type] == "ENUM" ? value("val") : value("bits_offset")
	count[type]++
	next
}

FNR == 1 && FNR != NR {
	if (!root)
		fail("no union record_layout in the BTF")
	print_classes(root)
}

FNR != NR && /^(struct|enum) st_[a-z_]* \{/ && !($2 in used) {
	fail("union record_layout in schedtrace.bpf.c lacks " $1 " " $2)
}
