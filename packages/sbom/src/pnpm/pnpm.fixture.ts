import { toIntegrity } from '../sample.fixture.ts';

/** pnpm-lock.yaml of version 9: importers, snapshots with peers, an alias, a link, git, dev and optional. */
export const PNPM_9 = `lockfileVersion: '9.0'

settings:
  autoInstallPeers: true
  excludeLinksFromLockfile: false

importers:

  .:
    dependencies:
      alias:
        specifier: npm:real@^2.0.0
        version: real@2.1.0
      react-dom:
        specifier: ^18.0.0
        version: 18.2.0(react@18.2.0)
      member:
        specifier: workspace:*
        version: link:packages/member
    optionalDependencies:
      opt:
        specifier: ^1.0.0
        version: 1.0.0
    devDependencies:
      tool:
        specifier: ^3.0.0
        version: 3.0.0

  packages/member:
    dependencies:
      fromgit:
        specifier: github:acme/fromgit
        version: https://codeload.example.org/acme/fromgit/tar.gz/0123456

packages:

  '@acme/scoped@1.0.0':
    resolution: {integrity: ${toIntegrity('scoped')}}

  fromgit@https://codeload.example.org/acme/fromgit/tar.gz/0123456:
    resolution: {tarball: https://codeload.example.org/acme/fromgit/tar.gz/0123456}
    version: 0.0.1

  opt@1.0.0:
    resolution: {integrity: ${toIntegrity('opt')}}

  react-dom@18.2.0:
    resolution: {integrity: ${toIntegrity('react-dom')}}
    peerDependencies:
      react: ^18.2.0

  react@18.2.0:
    resolution: {integrity: ${toIntegrity('react')}}

  real@2.1.0:
    resolution: {integrity: ${toIntegrity('real')}}

  tool@3.0.0:
    resolution: {integrity: ${toIntegrity('tool')}}

snapshots:

  '@acme/scoped@1.0.0': {}

  fromgit@https://codeload.example.org/acme/fromgit/tar.gz/0123456:
    dependencies:
      '@acme/scoped': 1.0.0

  opt@1.0.0:
    optional: true

  react-dom@18.2.0(react@18.2.0):
    dependencies:
      react: 18.2.0

  react@18.2.0: {}

  real@2.1.0: {}

  tool@3.0.0: {}
`;

/** pnpm-lock.yaml of version 6: one project, keys with a slash, flags in packages. */
export const PNPM_6 = `lockfileVersion: '6.0'

dependencies:
  '@acme/scoped':
    specifier: ^1.0.0
    version: 1.0.0(peer@2.0.0)
  alias:
    specifier: npm:real@^2.0.0
    version: /real@2.1.0

devDependencies:
  tool:
    specifier: ^3.0.0
    version: 3.0.0

packages:

  /@acme/scoped@1.0.0(peer@2.0.0):
    resolution: {integrity: ${toIntegrity('scoped')}}
    peerDependencies:
      peer: '*'
    dependencies:
      peer: 2.0.0
    dev: false

  /peer@2.0.0:
    resolution: {integrity: ${toIntegrity('peer')}}
    dev: false

  /real@2.1.0:
    resolution: {integrity: ${toIntegrity('real')}}
    dev: false

  /tool@3.0.0:
    resolution: {integrity: ${toIntegrity('tool')}}
    dev: true
`;
