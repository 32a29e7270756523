// GitHub Pages and GitHub.com: unclaimed sites and the unicorn page.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'github-pages',
  name: 'GitHub Pages',
  role: 'server',
  fixedBy: 'site_operator',
  clues: [
    { field: ['server', /^GitHub\.com$/], seen: 0.9, made: 0.3, unverified: true },
    { field: ['x-github-request-id'], seen: 0.9, unverified: true },
    { body: "there isn't a github pages site here.", made: 0.97 },
    { body: 'this page is taking way too long to load.', made: 0.9, unverified: true },
    { body: 'we had issues producing the response to your request.', made: 0.9, unverified: true },
  ],
  readings: [
    {
      status: 404,
      causes: ['destination_not_found'],
      says: 'no repository publishes a site under this name',
      link: 'origin',
      party: 'site_operator',
      operator: 'Check the custom domain in the settings of the repository and the CNAME file.',
    },
    {
      body: 'taking way too long',
      causes: ['http_response_timeout'],
      says: 'GitHub itself was too slow',
      link: 'upstream',
      party: 'site_operator',
    },
    {
      causes: ['upstream_error_passed_through', 'connection_refused', 'destination_unavailable'],
      says: 'GitHub itself is in trouble',
      link: 'origin',
      party: 'site_operator',
    },
  ],
  source: 'can-i-take-over-xyz; partly unverified',
  examples: [
    {
      raw: "HTTP/1.1 404 Not Found\r\nServer: GitHub.com\r\nContent-Type: text/html; charset=utf-8\r\nX-GitHub-Request-Id: A:B\r\nContent-Length: 61\r\n\r\n<p><strong>There isn't a GitHub Pages site here.</strong></p>",
      causes: ['destination_not_found'],
    },
  ],
} satisfies Fingerprint
