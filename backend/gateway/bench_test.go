package gateway_test

import (
	"io"
	"net/http"
	"testing"
)

func BenchmarkGateway(b *testing.B) {
	kite := serveKite(b, nil)
	kite.Config.Handler = answer(200, marginsBody)
	f := start(b, kite.URL)
	for name, base := range map[string]string{"direct": kite.URL, "gateway": f.URL} {
		b.Run(name, func(b *testing.B) {
			b.SetParallelism(1)
			b.ReportAllocs()
			for b.Loop() {
				resp, err := localProgram.Get(base + "/user/margins")
				if err != nil || resp.StatusCode != http.StatusOK {
					b.Fatal(resp, err)
				}
				_, _ = io.Copy(io.Discard, resp.Body)
				resp.Body.Close() //nolint:errcheck // only read, or gone
			}
		})
		b.Run(name+"64", func(b *testing.B) {
			b.SetParallelism(32)
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					resp, err := localProgram.Get(base + "/user/margins")
					if err != nil || resp.StatusCode != http.StatusOK {
						b.Fatal(resp, err)
					}
					_, _ = io.Copy(io.Discard, resp.Body)
					resp.Body.Close() //nolint:errcheck // only read, or gone
				}
			})
		})
	}
}
