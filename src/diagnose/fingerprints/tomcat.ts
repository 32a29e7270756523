// Tomcat: its status report, signed with the version.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'tomcat',
  name: 'Apache Tomcat',
  role: 'application',
  fixedBy: 'site_operator',
  clues: [
    { body: '<title>http status ', body2: '<b>type</b> status report', made: 0.9 },
    { body: '<h3>apache tomcat', made: 0.9 },
    { body: '<title>http status ', body2: '<hr class="line" />', made: 0.9 },
    { field: ['server', /^Apache-Coyote\//], seen: 0.8 },
  ],
  readings: [
    {
      status: 404,
      causes: ['upstream_error_passed_through', 'destination_not_found'],
      says: 'Tomcat has no such page or context',
    },
    {
      causes: ['upstream_error_passed_through'],
      says: 'the request got through to the application, and the error is its own',
    },
  ],
  source: 'apache/tomcat: ErrorReportValve.java',
  examples: [
    {
      raw: 'HTTP/1.1 500 \r\nContent-Type: text/html;charset=utf-8\r\nContent-Length: 202\r\n\r\n<html><head><title>HTTP Status 500 - Internal Server Error</title></head><body><h1>x</h1><hr class="line" /><p><b>Type</b> Status Report</p><hr class="line" /><h3>Apache Tomcat/9.0.80</h3></body></html>',
      causes: ['upstream_error_passed_through'],
    },
  ],
} satisfies Fingerprint
