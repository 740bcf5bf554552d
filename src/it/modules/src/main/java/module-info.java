/** A user's module. */
module it.modules {
    requires io.schedtrace;
    requires org.assertj.core;
}
