// Fortinet: block pages of the visitor's network (FortiGate) or of the site (FortiWeb).
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'fortinet',
  name: 'Fortinet FortiGate and FortiWeb',
  role: 'proxy',
  fixedBy: 'access_provider',
  clues: [
    { body: 'fortigate application control', made: 0.95 },
    { body: '//globalurl.fortinet.net', made: 0.95 },
    { body: 'fortiguard intrusion prevention', made: 0.9 },
    { body: '.fgd_icon', made: 0.8 },
    { body: 'web page blocked!', made: 0.5 },
    { cookie: /^FORTIWAFSID=/, seen: 0.95 },
  ],
  readings: [
    {
      causes: ['http_request_denied'],
      says: 'the filter of the network the visitor sits in blocks this site',
      link: 'network',
      party: 'access_provider',
      operator: 'Ask the network administrator for the category of the site.',
    },
  ],
  source: 'wafw00f',
  examples: [
    {
      raw: 'HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nContent-Length: 86\r\n\r\n<title>Web Page Blocked</title><h1>FortiGate Application Control</h1>Web Page Blocked!',
      causes: ['http_request_denied'],
    },
  ],
} satisfies Fingerprint
