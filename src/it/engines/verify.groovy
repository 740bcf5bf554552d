String log = new File(basedir, 'build.log').text
if (log.contains('tests were not traced: ') && System.getenv('SCHED_TRACE_REQUIRE') != '1') {
    println 'skipped: this machine cannot trace'
    return true
}

// Without the log, which an assertion of Groovy would print.
Closure has = { String regex ->
    if (!(log =~ regex)) {
        throw new AssertionError("build.log has no $regex")
    }
}
String leak = '1 process of leaks.* still running after it:'
String connection = 'a connection that allowConnections = \\[localhost:2] does not allow:'

// The tests of these engines cannot fail: the build does.
['Vintage', 'Jqwik', 'Spock', 'Kotest'].each { engine ->
    has "sched-trace: it.${engine}Test, leaks.*: $leak"
    has "sched-trace: it.${engine}Test, connects.*: $connection"
    has "(?s)There was an error in the forked process\\R.{0,20}sched-trace fails the run:\\R.{0,20}it.${engine}Test, "
    assert !log.contains("sched-trace: it.${engine}Test, harmless")
}
has "sched-trace: it.VintageTest, VintageTest: $connection"

// Those of JUnit Jupiter and TestNG can.
['Jupiter', 'TestNg'].each { engine ->
    has "Tests run: 3, Failures: 2, Errors: 0, Skipped: 0, .* in it.${engine}Test"
    has "it.${engine}Test.leaks .*FAILURE!\\Rjava.lang.AssertionError: \\s*$leak"
    has "it.${engine}Test.connects .*FAILURE!\\Rjava.lang.AssertionError: \\s*$connection"
}
has 'sched-trace: it.TestNgTest, outside of its tests: 3 connections that allowConnections'

['jupiter', 'vintage', 'jqwik', 'testng', 'spock', 'kotest'].each { has "$it \\.+ FAILURE" }
return true
