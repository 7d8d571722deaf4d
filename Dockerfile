# Switchboard at the context path /, on Tomcat 11 or, by build argument, on GlassFish 7:
#   docker build -t switchboard .
#   docker build -t switchboard --build-arg SERVER=glassfish .
#   docker run -p 8080:8080 -v switchboard:/var/lib/switchboard --stop-timeout 25 switchboard
ARG SERVER=tomcat

FROM eclipse-temurin:17-jdk AS build
WORKDIR /src
COPY mvnw pom.xml ./
COPY .mvn .mvn
COPY src/main src/main
COPY webapp webapp
RUN ./mvnw -B -q package -DskipTests -Dspotless.check.skip

FROM build AS glassfish-files
RUN ./mvnw -B -q -Pglassfish dependency:unpack@container-under-test -DskipTests=false

FROM tomcat:11.0-jre17-temurin AS tomcat
COPY --from=build /src/target/switchboard.war webapps/ROOT.war
RUN useradd --system --uid 10001 --create-home switchboard \
 && install -d -o switchboard /var/lib/switchboard \
 && mkdir -p conf/Catalina/localhost \
 && chown -R switchboard: conf/Catalina logs temp webapps work
# Buffers that each connection has three of; see operations.md.
ENV CATALINA_OPTS="-Dorg.apache.tomcat.websocket.DEFAULT_BUFFER_SIZE=4096"
CMD ["catalina.sh", "run"]

FROM eclipse-temurin:17-jdk AS glassfish
RUN useradd --system --uid 10001 --create-home switchboard \
 && install -d -o switchboard /var/lib/switchboard
COPY --from=glassfish-files --chown=switchboard /src/target/server/glassfish7 /opt/glassfish7
WORKDIR /opt/glassfish7
COPY --from=build /src/target/switchboard.war switchboard.war
USER switchboard
# Deploying starts the application: what it writes then must not become part of the image.
RUN export SWITCHBOARD_HOME=/tmp/switchboard-build \
 && bin/asadmin start-domain \
 && bin/asadmin deploy --contextroot / --name switchboard switchboard.war \
 && bin/asadmin stop-domain \
 && rm -rf "$SWITCHBOARD_HOME" glassfish/domains/domain1/logs/*
CMD ["bin/startserv"]

FROM ${SERVER}
ENV SWITCHBOARD_HOME=/var/lib/switchboard
USER switchboard
VOLUME /var/lib/switchboard
EXPOSE 8080
# The run-time images promise no curl; bash is the shell of both and speaks TCP.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/ready HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [[ $status = 200* ]]"]
