# Switchboard at the context path /, by java -jar (on the Tomcat 11 in the WAR) or, by build argument, on GlassFish 7:
#   docker build -t switchboard .
#   docker build -t switchboard --build-arg SERVER=glassfish .
#   docker run -p 8080:8080 -v switchboard:/var/lib/switchboard --stop-timeout 40 --read-only --tmpfs /tmp switchboard
# Written are /var/lib/switchboard and /tmp, and nothing else; GlassFish also writes into its domain, and cannot be
# run with --read-only.
ARG SERVER=standalone

FROM eclipse-temurin:17-jdk AS build
WORKDIR /src
COPY mvnw pom.xml ./
COPY .mvn .mvn
COPY src/main src/main
COPY src/docs/asyncapi.yaml src/docs/
COPY webapp webapp
RUN ./mvnw -B -q package -DskipTests -Dspotless.check.skip && mkdir target/home

FROM build AS glassfish-files
RUN ./mvnw -B -q -Pglassfish dependency:unpack@container-under-test -DskipTests=false

FROM eclipse-temurin:17-jre AS standalone
COPY --from=build /src/target/switchboard.war /opt/switchboard.war
ENV JDK_JAVA_OPTIONS="-XX:MaxRAMPercentage=75"
CMD ["java", "-jar", "/opt/switchboard.war"]

FROM eclipse-temurin:17-jdk AS glassfish
COPY --from=glassfish-files --chown=10001:10001 /src/target/server/glassfish7 /opt/glassfish7
COPY --from=build /src/target/switchboard.war /opt/switchboard.war
WORKDIR /opt/glassfish7
USER 10001:10001
# Deploying starts the application: what it writes then must not become part of the image.
RUN export SWITCHBOARD_HOME=/tmp/switchboard-build HOME=/tmp \
 && sh bin/asadmin start-domain \
 && sh bin/asadmin deploy --contextroot / --name switchboard /opt/switchboard.war \
 && sh bin/asadmin stop-domain \
 && rm -rf "$SWITCHBOARD_HOME" glassfish/domains/domain1/logs/*
CMD ["sh", "bin/startserv"]

FROM ${SERVER}
COPY --from=build --chown=10001:10001 /src/target/home /var/lib/switchboard
ENV SWITCHBOARD_HOME=/var/lib/switchboard
# By number: Kubernetes cannot know that a name is not root's.
USER 10001:10001
VOLUME /var/lib/switchboard
EXPOSE 8080
# Drains: see src/docs/deployment.md.
STOPSIGNAL SIGTERM
# Live and not ready: who is unhealthy may be restarted, which mends no database. The images promise no curl; bash is the
# shell of both and speaks TCP.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/live HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [[ $status = 200* ]]"]
