String log = new File(basedir, 'build.log').text
List<String> runs = log.findAll(/Tests run: \d+, Failures: \d+, Errors: \d+, Skipped: \d+(?=\r?\n)/)
assert 'Tests run: 3, Failures: 0, Errors: 0, Skipped: 2' in runs
// Both runs say so on standard error.
assert log.count('sched-trace: 2 tests were not traced: the capabilities CAP_BPF') == 2
assert runs.any { it.startsWith('Tests run: 3, ') && it.endsWith('Skipped: 0') }
assert log.contains('BUILD FAILURE')
