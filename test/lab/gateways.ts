// How each real gateway is told to listen on one port and pass everything on to one upstream. Starts nothing.
import { getuid } from 'node:process'

export interface Place {
  /** A folder of its own, writable for all. */
  folder: string
  /** The port of 127.0.0.1 to listen on. */
  port: number
  upstream: { host: string; port: number }
  /** Paths of PEM files to speak TLS with; null: plain HTTP. `both` holds certificate and key in one file. */
  tls: { certificate: string; key: string; both: string } | null
}

export interface Gateway {
  /** The program in PATH or an sbin folder. */
  program: string
  /** What it answers when nothing listens on the upstream's port, as the Debian 12 versions do. */
  deadUpstream: 502 | 503
  /** Speaks TLS here. */
  tls: boolean
  /** Files to write into the folder, by name, and the arguments. */
  setUp(place: Place): { files: Record<string, string>; args: string[] }
}

/** Root has to name the user that servers which refuse to serve as root change to. */
const isRoot = getuid?.() === 0

const MODULES_OF_APACHE = '/usr/lib/apache2/modules'

/** The gateways of the lab. Every time-out is short, so that a silent upstream does not hold a test up. */
export const GATEWAYS = {
  nginx: {
    program: 'nginx',
    deadUpstream: 502,
    tls: true,
    setUp: ({ folder, port, upstream, tls }) => ({
      files: {
        'nginx.conf': `
          daemon off; master_process off; pid ${folder}/nginx.pid; error_log stderr;
          events { worker_connections 256; }
          http {
            access_log off;
            client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
            fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
            proxy_connect_timeout 2s; proxy_read_timeout 2s;
            server {
              listen 127.0.0.1:${port}${tls ? ' ssl' : ''};
              ${tls ? `ssl_protocols TLSv1.2 TLSv1.3; ssl_certificate ${tls.certificate}; ssl_certificate_key ${tls.key};` : ''}
              location / { proxy_pass http://${upstream.host}:${upstream.port}; }
            }
          }`,
      },
      args: ['-p', folder, '-c', `${folder}/nginx.conf`, '-e', 'stderr'],
    }),
  },
  apache: {
    program: 'apache2',
    deadUpstream: 503,
    tls: true,
    setUp: ({ folder, port, upstream, tls }) => ({
      files: {
        'apache.conf': [
          ...['mpm_event', 'authz_core', 'proxy', 'proxy_http', ...(tls ? ['ssl'] : [])].map(
            (name) => `LoadModule ${name}_module ${MODULES_OF_APACHE}/mod_${name}.so`,
          ),
          `ServerRoot ${folder}`,
          'ServerName localhost',
          `Listen 127.0.0.1:${port}`,
          `PidFile ${folder}/apache.pid`,
          `DefaultRuntimeDir ${folder}`,
          `ErrorLog ${folder}/error.log`,
          ...(isRoot ? ['User www-data', 'Group www-data'] : []),
          'StartServers 1',
          'ThreadsPerChild 8',
          'MaxRequestWorkers 8',
          'ServerLimit 1',
          'ProxyTimeout 2',
          ...(tls
            ? ['SSLEngine on', `SSLCertificateFile ${tls.certificate}`, `SSLCertificateKeyFile ${tls.key}`]
            : []),
          `ProxyPass / http://${upstream.host}:${upstream.port}/`,
          '',
        ].join('\n'),
      },
      args: ['-f', `${folder}/apache.conf`, '-DFOREGROUND'],
    }),
  },
  haproxy: {
    program: 'haproxy',
    deadUpstream: 503,
    tls: true,
    setUp: ({ folder, port, upstream, tls }) => ({
      files: {
        'haproxy.cfg': [
          'global',
          '  maxconn 200',
          'defaults',
          '  mode http',
          '  retries 0',
          '  timeout connect 2s',
          '  timeout client 2s',
          '  timeout server 2s',
          'frontend front',
          `  bind 127.0.0.1:${port}${tls ? ` ssl crt ${tls.both}` : ''}`,
          '  default_backend back',
          'backend back',
          `  server one ${upstream.host}:${upstream.port}`,
          '',
        ].join('\n'),
      },
      args: ['-db', '-f', `${folder}/haproxy.cfg`],
    }),
  },
  caddy: {
    program: 'caddy',
    deadUpstream: 502,
    tls: true,
    setUp: ({ folder, port, upstream, tls }) => ({
      files: {
        Caddyfile: [
          '{',
          '  admin off',
          '  auto_https off',
          '}',
          `${tls ? 'https' : 'http'}://:${port} {`,
          '  bind 127.0.0.1',
          ...(tls ? [`  tls ${tls.certificate} ${tls.key}`] : []),
          `  reverse_proxy ${upstream.host}:${upstream.port}`,
          '}',
          '',
        ].join('\n'),
      },
      args: ['run', '--adapter', 'caddyfile', '--config', `${folder}/Caddyfile`],
    }),
  },
  varnish: {
    program: 'varnishd',
    deadUpstream: 503,
    tls: false,
    setUp: ({ folder, port, upstream }) => ({
      files: {},
      args: [
        '-F',
        '-jnone',
        `-n${folder}/work`,
        '-smalloc,16m',
        `-a127.0.0.1:${port}`,
        `-b${upstream.host}:${upstream.port}`,
      ],
    }),
  },
  squid: {
    program: 'squid',
    deadUpstream: 503,
    tls: false,
    setUp: ({ folder, port, upstream }) => ({
      files: {
        'squid.conf': [
          `http_port 127.0.0.1:${port} accel defaultsite=localhost no-vhost`,
          `cache_peer ${upstream.host} parent ${upstream.port} 0 no-query no-digest originserver`,
          'never_direct allow all',
          'http_access allow all',
          'cache deny all',
          'connect_timeout 2 seconds',
          'shutdown_lifetime 0 seconds',
          'visible_hostname localhost',
          'pinger_enable off',
          'icp_port 0',
          'netdb_filename none',
          'access_log none',
          `cache_log ${folder}/cache.log`,
          `pid_filename ${folder}/squid.pid`,
          `coredump_dir ${folder}`,
          ...(isRoot ? ['cache_effective_user proxy'] : []),
          '',
        ].join('\n'),
      },
      args: ['-N', '-f', `${folder}/squid.conf`],
    }),
  },
  lighttpd: {
    program: 'lighttpd',
    deadUpstream: 503,
    tls: false,
    setUp: ({ folder, port, upstream }) => ({
      files: {
        'lighttpd.conf': [
          'server.modules = ( "mod_proxy" )',
          `server.document-root = "${folder}"`,
          'server.bind = "127.0.0.1"',
          `server.port = ${port}`,
          `server.errorlog = "${folder}/error.log"`,
          `proxy.server = ( "" => (( "host" => "${upstream.host}", "port" => ${upstream.port} )) )`,
          '',
        ].join('\n'),
      },
      args: ['-D', '-f', `${folder}/lighttpd.conf`],
    }),
  },
  trafficserver: {
    program: 'traffic_server',
    deadUpstream: 502,
    tls: false,
    setUp: ({ folder, port, upstream }) => ({
      files: {
        'runroot.yaml': [
          'prefix: /usr',
          'exec_prefix: /usr',
          'bindir: /usr/bin',
          'sbindir: /usr/bin',
          'libdir: /usr/lib/trafficserver',
          'libexecdir: /usr/lib/trafficserver/modules',
          ...['sysconfdir', 'datadir', 'localstatedir', 'runtimedir', 'logdir', 'cachedir'].map(
            (name) => `${name}: ${folder}`,
          ),
          '',
        ].join('\n'),
        'records.config': [
          `CONFIG proxy.config.http.server_ports STRING ${port}:ip-in=127.0.0.1`,
          'CONFIG proxy.config.http.cache.http INT 0',
          'CONFIG proxy.config.http.connect_attempts_max_retries INT 0',
          'CONFIG proxy.config.http.connect_attempts_timeout INT 2',
          'CONFIG proxy.config.exec_thread.autoconfig.enabled INT 0',
          'CONFIG proxy.config.exec_thread.limit INT 1',
          'CONFIG proxy.config.log.logging_enabled INT 0',
          ...(isRoot ? ['CONFIG proxy.config.admin.user_id STRING trafficserver'] : []),
          '',
        ].join('\n'),
        'remap.config': `map / http://${upstream.host}:${upstream.port}/\n`,
        'storage.config': `${folder} 16M\n`,
        'ip_allow.yaml': 'ip_allow: [{ apply: in, ip_addrs: 127.0.0.1, action: allow, methods: ALL }]\n',
      },
      args: [`--run-root=${folder}/runroot.yaml`],
    }),
  },
} as const satisfies Record<string, Gateway>

export type GatewayName = keyof typeof GATEWAYS
