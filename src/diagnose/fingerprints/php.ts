// PHP: short texts of the FPM, the version in X-Powered-By.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'php',
  name: 'PHP and PHP-FPM',
  role: 'application',
  fixedBy: 'site_operator',
  clues: [
    { field: ['x-powered-by', /^PHP\//], seen: 0.9, made: 0.3 },
    { content: /^File not found\.\n$/, made: 0.85 },
    { content: /^Access denied\.\n$/, made: 0.6 },
    { body: '<b>fatal error</b>: ', made: 0.8, unverified: true },
    { body: 'php fatal error: ', made: 0.6, unverified: true },
    { field: ['x-powered-by', /^PHP\//], status: [500, 503], empty: true, made: 0.6 },
  ],
  readings: [
    {
      content: /^File not found\.\n$/,
      causes: ['upstream_error_passed_through'],
      says: 'PHP-FPM was reached and finds no script: SCRIPT_FILENAME or the document root is wrong',
      operator:
        'Compare fastcgi_param SCRIPT_FILENAME (or ProxyFCGISetEnvIf) with the paths that PHP-FPM sees.',
    },
    {
      content: /^Access denied\.\n$/,
      causes: ['upstream_error_passed_through'],
      says: 'security.limit_extensions of PHP-FPM forbids this script',
    },
    {
      status: 500,
      causes: ['upstream_error_passed_through'],
      says: 'the PHP script ended in a fatal error',
      operator: 'The PHP error log has the message; display_errors is off.',
    },
    {
      causes: ['upstream_error_passed_through'],
      says: 'the request got through to the application, and the error is its own',
    },
  ],
  source: 'php-src: sapi/fpm/fpm/fpm_main.c',
  examples: [
    {
      raw: 'HTTP/1.1 404 Not Found\r\nServer: nginx\r\nContent-Type: text/html; charset=UTF-8\r\nX-Powered-By: PHP/8.2.1\r\nContent-Length: 16\r\n\r\nFile not found.\n',
      causes: ['upstream_error_passed_through'],
    },
  ],
} satisfies Fingerprint
