String log = new File(basedir, 'build.log').text
if (log.contains('tests were not traced: ') && System.getenv('SCHED_TRACE_REQUIRE') != '1') {
    println 'skipped: this machine cannot trace'
    return true
}
String leak = '1 process of .*leaks.* still running after it:'
String connection = 'a connection that allowConnections = \\[localhost:2\\] does not allow:'

// These engines cannot let a test fail: the build does.
['Vintage', 'Spock', 'Kotest', 'Jqwik'].each { engine ->
    assert log =~ /sched-trace: it\.${engine}Test, .*leaks.*: $leak/
    assert log =~ /sched-trace: it\.${engine}Test, .*connects.*: $connection/
    assert !(log =~ /sched-trace: it\.${engine}Test, .*harmless/)
    assert log =~ /sched-trace: it\.${engine}Test, .*: $connection/
}
assert log.findAll('sched-trace fails the run:').size() >= 4

// TestNG lets tests fail, and JUnit Jupiter.
['TestNg', 'Jupiter'].each { engine ->
    assert log =~ /(?s)it\.${engine}Test\.leaks.*$leak/
    assert log =~ /(?s)it\.${engine}Test\.connects.*$connection/
}
assert log.findAll(/Tests run: 3, Failures: 2, Errors: 0, Skipped: 0(?=\r?\n)/).size() == 2
['vintage', 'spock', 'kotest', 'jqwik', 'testng', 'jupiter'].each { module ->
    assert log =~ /\[INFO\] $module \.+ FAILURE/
}
