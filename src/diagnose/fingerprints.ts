// The list of all fingerprints: one line each, kept by hand; test/diagnose/fingerprints.test.ts compares it with the folder.
import type { Fingerprint } from './fingerprint.ts'
import akamai from './fingerprints/akamai.ts'
import alibabaCdn from './fingerprints/alibaba-cdn.ts'
import amazonS3 from './fingerprints/amazon-s3.ts'
import angie from './fingerprints/angie.ts'
import anyproxy from './fingerprints/anyproxy.ts'
import apacheHttpd from './fingerprints/apache-httpd.ts'
import awsAlb from './fingerprints/aws-alb.ts'
import awsApiGateway from './fingerprints/aws-api-gateway.ts'
import awsClb from './fingerprints/aws-clb.ts'
import azureApiManagement from './fingerprints/azure-api-management.ts'
import azureAppGateway from './fingerprints/azure-app-gateway.ts'
import azureFrontDoor from './fingerprints/azure-front-door.ts'
import azureWebsites from './fingerprints/azure-websites.ts'
import bluecoat from './fingerprints/bluecoat.ts'
import bunny from './fingerprints/bunny.ts'
import caddy from './fingerprints/caddy.ts'
import captivePortal from './fingerprints/captive-portal.ts'
import cloudflare from './fingerprints/cloudflare.ts'
import cloudfront from './fingerprints/cloudfront.ts'
import digitaloceanApp from './fingerprints/digitalocean-app.ts'
import edgecast from './fingerprints/edgecast.ts'
import envoy from './fingerprints/envoy.ts'
import expressHttpProxy from './fingerprints/express-http-proxy.ts'
import express from './fingerprints/express.ts'
import f5Bigip from './fingerprints/f5-bigip.ts'
import fastProxy from './fingerprints/fast-proxy.ts'
import fastly from './fingerprints/fastly.ts'
import fly from './fingerprints/fly.ts'
import fortinet from './fingerprints/fortinet.ts'
import githubPages from './fingerprints/github-pages.ts'
import goHttputil from './fingerprints/go-httputil.ts'
import googleFrontend from './fingerprints/google-frontend.ts'
import gunicorn from './fingerprints/gunicorn.ts'
import h2o from './fingerprints/h2o.ts'
import haproxy from './fingerprints/haproxy.ts'
import heroku from './fingerprints/heroku.ts'
import hostingPlatforms from './fingerprints/hosting-platforms.ts'
import httpMitmProxy from './fingerprints/http-mitm-proxy.ts'
import httpProxyMiddleware from './fingerprints/http-proxy-middleware.ts'
import httpProxy from './fingerprints/http-proxy.ts'
import httpSys from './fingerprints/http-sys.ts'
import iis from './fingerprints/iis.ts'
import imperva from './fingerprints/imperva.ts'
import ingressNginx from './fingerprints/ingress-nginx.ts'
import isaTmg from './fingerprints/isa-tmg.ts'
import jetty from './fingerprints/jetty.ts'
import kong from './fingerprints/kong.ts'
import lighttpd from './fingerprints/lighttpd.ts'
import linkedin from './fingerprints/linkedin.ts'
import litespeed from './fingerprints/litespeed.ts'
import mcafeeWebGateway from './fingerprints/mcafee-web-gateway.ts'
import mitmproxy from './fingerprints/mitmproxy.ts'
import mockttp from './fingerprints/mockttp.ts'
import netlify from './fingerprints/netlify.ts'
import netscaler from './fingerprints/netscaler.ts'
import nginx from './fingerprints/nginx.ts'
import nodeHttp from './fingerprints/node-http.ts'
import openresty from './fingerprints/openresty.ts'
import paloAlto from './fingerprints/palo-alto.ts'
import pantheon from './fingerprints/pantheon.ts'
import passenger from './fingerprints/passenger.ts'
import perlbal from './fingerprints/perlbal.ts'
import php from './fingerprints/php.ts'
import proxyChain from './fingerprints/proxy-chain.ts'
import proxy from './fingerprints/proxy.ts'
import rails from './fingerprints/rails.ts'
import railway from './fingerprints/railway.ts'
import redbird from './fingerprints/redbird.ts'
import render from './fingerprints/render.ts'
import shopify from './fingerprints/shopify.ts'
import siteFirewall from './fingerprints/site-firewall.ts'
import smallCdns from './fingerprints/small-cdns.ts'
import sniproxy from './fingerprints/sniproxy.ts'
import sonicwallSophos from './fingerprints/sonicwall-sophos.ts'
import squid from './fingerprints/squid.ts'
import sucuri from './fingerprints/sucuri.ts'
import tencentEdgeone from './fingerprints/tencent-edgeone.ts'
import tengine from './fingerprints/tengine.ts'
import tinyproxy from './fingerprints/tinyproxy.ts'
import tomcat from './fingerprints/tomcat.ts'
import traefik from './fingerprints/traefik.ts'
import trafficserver from './fingerprints/trafficserver.ts'
import twisted from './fingerprints/twisted.ts'
import tyk from './fingerprints/tyk.ts'
import unclaimedSite from './fingerprints/unclaimed-site.ts'
import uwsgi from './fingerprints/uwsgi.ts'
import varnish from './fingerprints/varnish.ts'
import vercel from './fingerprints/vercel.ts'
import vite from './fingerprints/vite.ts'
import werkzeug from './fingerprints/werkzeug.ts'
import wordpress from './fingerprints/wordpress.ts'
import yaws from './fingerprints/yaws.ts'
import ziproxy from './fingerprints/ziproxy.ts'
import zscaler from './fingerprints/zscaler.ts'

/** Every fingerprint, in the order of their file names. */
export const FINGERPRINTS: readonly Fingerprint[] = [
  akamai,
  alibabaCdn,
  amazonS3,
  angie,
  anyproxy,
  apacheHttpd,
  awsAlb,
  awsApiGateway,
  awsClb,
  azureApiManagement,
  azureAppGateway,
  azureFrontDoor,
  azureWebsites,
  bluecoat,
  bunny,
  caddy,
  captivePortal,
  cloudflare,
  cloudfront,
  digitaloceanApp,
  edgecast,
  envoy,
  expressHttpProxy,
  express,
  f5Bigip,
  fastProxy,
  fastly,
  fly,
  fortinet,
  githubPages,
  goHttputil,
  googleFrontend,
  gunicorn,
  h2o,
  haproxy,
  heroku,
  hostingPlatforms,
  httpMitmProxy,
  httpProxyMiddleware,
  httpProxy,
  httpSys,
  iis,
  imperva,
  ingressNginx,
  isaTmg,
  jetty,
  kong,
  lighttpd,
  linkedin,
  litespeed,
  mcafeeWebGateway,
  mitmproxy,
  mockttp,
  netlify,
  netscaler,
  nginx,
  nodeHttp,
  openresty,
  paloAlto,
  pantheon,
  passenger,
  perlbal,
  php,
  proxyChain,
  proxy,
  rails,
  railway,
  redbird,
  render,
  shopify,
  siteFirewall,
  smallCdns,
  sniproxy,
  sonicwallSophos,
  squid,
  sucuri,
  tencentEdgeone,
  tengine,
  tinyproxy,
  tomcat,
  traefik,
  trafficserver,
  twisted,
  tyk,
  unclaimedSite,
  uwsgi,
  varnish,
  vercel,
  vite,
  werkzeug,
  wordpress,
  yaws,
  ziproxy,
  zscaler,
]
