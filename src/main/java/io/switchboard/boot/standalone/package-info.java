/**
 * {@code java -jar switchboard.war}: the WAR serves itself with the Tomcat it carries in {@code
 * WEB-INF/server}.
 *
 * <p>Start reading at {@link io.switchboard.boot.standalone.Main}. These classes lie at the root of
 * the WAR, so they are on the class path of {@code java -jar} and invisible to the web application;
 * they import the JDK only, except {@link io.switchboard.boot.standalone.EmbeddedServer}, the one
 * class that knows Tomcat. Nothing else of Switchboard may be imported here, and nobody imports
 * this package.
 */
@NullMarked
package io.switchboard.boot.standalone;

import org.jspecify.annotations.NullMarked;
