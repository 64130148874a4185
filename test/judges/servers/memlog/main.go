// memlog is a Certificate Transparency log for tests: the real CT personality
// (CTFE, the RFC 6962 API) on a real Trillian log server and sequencer, all in
// one process and in Trillian's own in-memory storage. Nothing is on disk.
//
// Trillian's gRPC port is open too, with a second tree, so that a Rekor v1
// server can keep its entries there.
//
// When everything is up it prints one line of JSON:
// {"ct": URL, "trillian": "host:port", "rekorTreeId": "…"}
package main

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"github.com/google/certificate-transparency-go/trillian/ctfe"
	"github.com/google/certificate-transparency-go/trillian/ctfe/cache"
	"github.com/google/certificate-transparency-go/trillian/ctfe/configpb"
	"github.com/google/trillian"
	"github.com/google/trillian/client"
	"github.com/google/trillian/crypto/keys"
	"github.com/google/trillian/crypto/keys/der"
	"github.com/google/trillian/crypto/keyspb"
	"github.com/google/trillian/extension"
	"github.com/google/trillian/log"
	"github.com/google/trillian/monitoring"
	"github.com/google/trillian/quota"
	"github.com/google/trillian/server"
	"github.com/google/trillian/server/admin"
	"github.com/google/trillian/server/interceptor"
	"github.com/google/trillian/storage/memory"
	"github.com/google/trillian/util/clock"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/durationpb"
	"k8s.io/klog/v2"
)

// integrationInterval is how long an entry waits until the tree holds it.
const integrationInterval = 100 * time.Millisecond

const logPath = "ctfe"

func main() {
	keyFile := flag.String("key", "", "PEM file with the private key of the CT log, PKCS #8")
	rootsFile := flag.String("roots", "", "PEM file with the certificate authorities that the CT log accepts")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *keyFile, *rootsFile); err != nil {
		fmt.Fprintln(os.Stderr, "memlog:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, keyFile, rootsFile string) error {
	silenceTrillian()
	address, stop, err := serveTrillian(ctx)
	if err != nil {
		return err
	}
	defer stop()
	connection, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	certificates, err := createTree(ctx, connection, "certificates")
	if err != nil {
		return err
	}
	entries, err := createTree(ctx, connection, "rekor")
	if err != nil {
		return err
	}
	config, err := toLogConfig(certificates.TreeId, keyFile, rootsFile)
	if err != nil {
		return err
	}
	instance, err := ctfe.SetUpInstance(ctx, ctfe.InstanceOptions{
		Validated: config, Client: trillian.NewTrillianLogClient(connection), Deadline: 10 * time.Second,
		MetricFactory: monitoring.InertMetricFactory{}, RequestLog: new(ctfe.DefaultRequestLog),
		CacheType: cache.NOOP,
	})
	if err != nil {
		return err
	}
	return serveLog(ctx, instance, map[string]string{
		"trillian": address, "rekorTreeId": strconv.FormatInt(entries.TreeId, 10),
	})
}

// silenceTrillian keeps its line for every idle round out of the output.
func silenceTrillian() {
	flags := flag.NewFlagSet("klog", flag.ContinueOnError)
	klog.InitFlags(flags)
	_ = flags.Set("logtostderr", "false")
	_ = flags.Set("stderrthreshold", "ERROR")
	klog.SetOutput(io.Discard)
}

// serveTrillian runs log server, admin server and sequencer in memory.
func serveTrillian(ctx context.Context) (address string, stop func(), err error) {
	trees := memory.NewTreeStorage()
	registry := extension.Registry{
		AdminStorage:  memory.NewAdminStorage(trees),
		LogStorage:    memory.NewLogStorage(trees, monitoring.InertMetricFactory{}),
		QuotaManager:  quota.Noop(),
		MetricFactory: monitoring.InertMetricFactory{},
	}
	grpcServer := grpc.NewServer(grpc.UnaryInterceptor(interceptor.ErrorWrapper))
	trillian.RegisterTrillianAdminServer(grpcServer, admin.New(registry, nil))
	trillian.RegisterTrillianLogServer(grpcServer, server.NewTrillianLogRPCServer(registry, clock.System))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	go func() { _ = grpcServer.Serve(listener) }()
	go log.NewOperationManager(log.OperationInfo{
		Registry: registry, BatchSize: 256, NumWorkers: 1, RunInterval: integrationInterval, TimeSource: clock.System,
	}, log.NewSequencerManager(registry, 0)).OperationLoop(ctx)
	return listener.Addr().String(), grpcServer.Stop, nil
}

func createTree(ctx context.Context, connection *grpc.ClientConn, name string) (*trillian.Tree, error) {
	request := &trillian.CreateTreeRequest{Tree: &trillian.Tree{
		TreeState: trillian.TreeState_ACTIVE, TreeType: trillian.TreeType_LOG,
		DisplayName: name, MaxRootDuration: durationpb.New(time.Hour),
	}}
	adminClient, logClient := trillian.NewTrillianAdminClient(connection), trillian.NewTrillianLogClient(connection)
	return client.CreateAndInitTree(ctx, request, adminClient, logClient)
}

func toLogConfig(treeID int64, keyFile, rootsFile string) (*ctfe.ValidatedLogConfig, error) {
	text, err := os.ReadFile(keyFile)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("expected a private key as PEM in " + keyFile)
	}
	keys.RegisterHandler(&keyspb.PrivateKey{}, der.FromProto)
	key, err := anypb.New(&keyspb.PrivateKey{Der: block.Bytes})
	if err != nil {
		return nil, err
	}
	return ctfe.ValidateLogConfig(&configpb.LogConfig{
		LogId: treeID, Prefix: logPath, RootsPemFile: []string{rootsFile}, PrivateKey: key,
		ExtKeyUsages: []string{"CodeSigning"}, MaxMergeDelaySec: 86400,
	})
}

// serveLog answers until the context ends; it prints `facts` and its own URL when it listens.
func serveLog(ctx context.Context, instance *ctfe.Instance, facts map[string]string) error {
	mux := http.NewServeMux()
	for path, handler := range instance.Handlers {
		mux.Handle(path, handler)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	facts["ct"] = "http://" + listener.Addr().String() + "/" + logPath
	if err := json.NewEncoder(os.Stdout).Encode(facts); err != nil {
		return err
	}
	httpServer := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		<-ctx.Done()
		_ = httpServer.Close()
	}()
	if err := httpServer.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
