package it

import io.kotest.core.spec.style.FunSpec
import java.io.IOException
import java.net.InetAddress
import java.net.Socket

class KotestTest : FunSpec({
    test("leaks") {
        ProcessBuilder("sleep", "5").start()
    }

    test("connects") {
        try {
            Socket(InetAddress.getLoopbackAddress(), 1).close()
        } catch (e: IOException) {
            // Nobody listens there.
        }
    }

    test("harmless") {
        ProcessBuilder("true").start().waitFor()
    }
})
