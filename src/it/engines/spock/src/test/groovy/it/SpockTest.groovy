package it

import spock.lang.Specification

class SpockTest extends Specification {
    def 'leaks'() {
        expect:
        new ProcessBuilder('sleep', '5').start()
    }

    def 'connects'() {
        when:
        new Socket('127.0.0.1', 1).close()

        then:
        thrown(IOException)
    }

    def 'harmless'() {
        expect:
        new ProcessBuilder('true').start().waitFor() == 0
    }
}
