// Texts by which hosting platforms say that nobody has claimed this host name: DNS points there, the site is not configured.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'unclaimed-site',
  name: 'A platform that does not know this host',
  role: 'server',
  builtOn: ['nginx', 'cloudflare', 'fastly', 'varnish', 'cloudfront'],
  fixedBy: 'site_operator',
  clues: [
    {
      body: 'the specified bucket does not exist',
      status: [402, 403, 404, 410, 500, 503],
      made: 0.8,
      says: 'The text is what an object store shows for a host it does not know.',
    },
    {
      body: 'repository not found</',
      status: [402, 403, 404, 410, 500, 503],
      made: 0.8,
      says: 'The text is what Bitbucket shows for a host it does not know.',
    },
    {
      body: 'failed to resolve dns path for this host',
      status: [402, 403, 404, 410, 500, 503],
      made: 0.8,
      says: 'The text is what Ghost shows for a host it does not know.',
    },
    {
      body: '404 blog is not found',
      status: [402, 403, 404, 410, 500, 503],
      made: 0.8,
      says: 'The text is what HatenaBlog shows for a host it does not know.',
    },
    {
      body: 'no settings were found for this company:',
      status: [402, 403, 404, 410, 500, 503],
      made: 0.8,
      says: 'The text is what Help Scout shows for a host it does not know.',
    },
    {
      body: "uh oh. that page doesn't exist.",
      status: [402, 403, 404, 410, 500, 503],
      made: 0.8,
      says: 'The text is what Intercom shows for a host it does not know.',
    },
    {
      body: 'no site for domain',
      status: [402, 403, 404, 410, 500, 503],
      made: 0.8,
      says: 'The text is what Kinsta shows for a host it does not know.',
    },
    {
      body: 'unrecognized domain <',
      status: [402, 403, 404, 410, 500, 503],
      made: 0.8,
      says: 'The text is what Mashery shows for a host it does not know.',
    },
    {
      body: '.ngrok.io not found',
      status: [402, 403, 404, 410, 500, 503],
      made: 0.8,
      says: 'The text is what ngrok shows for a host it does not know.',
    },
    {
      body: "sorry, couldn't find the status page",
      status: [402, 403, 404, 410, 500, 503],
      made: 0.8,
      says: 'The text is what Pingdom shows for a host it does not know.',
    },
    {
      body: 'project not found',
      status: [402, 403, 404, 410, 500, 503],
      made: 0.45,
      says: 'The text is what Surge shows for a host it does not know.',
    },
    {
      body: "whatever you were looking for doesn't currently exist at this address",
      status: [402, 403, 404, 410, 500, 503],
      made: 0.8,
      says: 'The text is what Tumblr shows for a host it does not know.',
    },
    {
      body: "looks like this domain isn't connected to a website yet",
      status: [402, 403, 404, 410, 500, 503],
      made: 0.8,
      says: 'The text is what Wix shows for a host it does not know.',
    },
    {
      body: 'do you want to register',
      status: [402, 403, 404, 410, 500, 503],
      made: 0.8,
      says: 'The text is what WordPress.com shows for a host it does not know.',
    },
    {
      body: 'well, this is awkward.',
      status: [402, 403, 404, 410, 500, 503],
      made: 0.45,
      says: 'The text is what DreamHost shows for a host it does not know.',
    },
    {
      body: 'unknown to read the docs',
      status: [402, 403, 404, 410, 500, 503],
      made: 0.8,
      says: 'The text is what Read the Docs shows for a host it does not know.',
    },
    {
      body: "the page you are looking for doesn't exist or has been moved",
      status: [402, 403, 404, 410, 500, 503],
      made: 0.45,
      says: 'The text is what Webflow shows for a host it does not know.',
    },
  ],
  readings: [
    {
      causes: ['destination_not_found'],
      says: 'the DNS still points at a platform where nobody has set this name up (which anybody else could do)',
      link: 'origin',
      party: 'site_operator',
      operator: 'Set the domain up on the platform, or remove the DNS record: it can be taken over.',
    },
  ],
  source: 'EdOverflow/can-i-take-over-xyz: fingerprints.json',
  examples: [
    {
      raw: "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 63\r\n\r\n<p>Looks Like This Domain Isn't Connected To A Website Yet!</p>",
      causes: ['destination_not_found'],
    },
  ],
} satisfies Fingerprint
