// Runs on an installed JDK 25, whichever one runs Maven.
File jdk = new File('/usr/lib/jvm').listFiles()?.sort()?.find { it.name =~ /\b25\b/ && new File(it, 'bin/javac').canExecute() }
if (jdk == null) {
    println 'skipped: no JDK 25 in /usr/lib/jvm'
    return false
}
File config = new File(basedir, '.mvn/maven.config')
config.parentFile.mkdirs()
config.text = "-Dmaven.compiler.fork=true\n-Dmaven.compiler.executable=$jdk/bin/javac\n-Djvm=$jdk/bin/java\n"
return true
