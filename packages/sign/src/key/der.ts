/** The DER bytes in a PEM block. */
export const toDer = (pem: string): Buffer<ArrayBuffer> =>
	Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');

export const isCertificate = (pem: string): boolean => pem.startsWith('-----BEGIN CERTIFICATE-----');
