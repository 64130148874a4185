// tsa is the server of sigstore/timestamp-authority with its in-memory signer.
// Its own main also opens a metrics port, fixed and on every interface; this one does not.
package main

import (
	"flag"
	"log"
	"time"

	tslog "github.com/sigstore/timestamp-authority/v2/pkg/log"
	"github.com/sigstore/timestamp-authority/v2/pkg/server"
	"github.com/spf13/viper"
)

// policyOID is what the server's own main presets (1.3.6.1.4.1.57264 is Sigstore's arc).
const policyOID = "1.3.6.1.4.1.57264.2"

func main() {
	port := flag.Int("port", 0, "port on 127.0.0.1")
	flag.Parse()
	tslog.ConfigureLogger("prod")
	viper.Set("timestamp-signer", "memory")
	viper.Set("timestamp-signer-hash", "sha256")
	viper.Set("include-chain-in-response", false)
	viper.Set("max-request-body-size", 1<<20)
	viper.Set("default-policy-oid", policyOID)
	viper.Set("accepted-policy-oids", []string{policyOID})
	authority := server.NewRestAPIServer("127.0.0.1", *port, []string{"http"}, false, 30*time.Second, 30*time.Second)
	if err := authority.Serve(); err != nil {
		log.Fatal(err)
	}
}
