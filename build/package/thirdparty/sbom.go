package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	cyclonedx "github.com/CycloneDX/cyclonedx-go"
	"github.com/google/uuid"
)

// inProperty names, once for each, a program that has the component.
const inProperty = "kite-accounts:in"

// writeSBOM writes CycloneDX 1.6 JSON (https://cyclonedx.org/docs/1.6/json/).
// Its serial number follows from its contents and its time is the commit's.
func writeSBOM(w io.Writer, b build, parts []part) error {
	parts = slices.Clone(parts)
	slices.SortFunc(parts, func(x, y part) int { return cmp.Compare(x.PURL, y.PURL) })
	bom := cyclonedx.NewBOM()
	bom.SpecVersion = cyclonedx.SpecVersion1_6
	bom.JSONSchema = "http://cyclonedx.org/schema/bom-1.6.schema.json"
	app := application(b)
	bom.Metadata = &cyclonedx.Metadata{Timestamp: b.Date.Format(time.RFC3339), Component: &app}

	var components []cyclonedx.Component
	var own []string
	var needs []cyclonedx.Dependency
	needed := map[string]bool{}
	for _, p := range parts {
		components = append(components, component(p))
		needs = append(needs, dependency(p.PURL, p.Needs))
		for _, purl := range p.Needs {
			needed[purl] = true
		}
	}
	for _, p := range parts {
		if p.Direct || !needed[p.PURL] {
			own = append(own, p.PURL)
		}
	}
	needs = append([]cyclonedx.Dependency{dependency(app.BOMRef, own)}, needs...)
	bom.Components, bom.Dependencies = &components, &needs

	var content strings.Builder
	if err := encode(&content, bom); err != nil {
		return err
	}
	bom.SerialNumber = uuid.NewSHA1(uuid.NameSpaceURL, []byte(content.String())).URN()
	return encode(w, bom)
}

func encode(w io.Writer, bom *cyclonedx.BOM) error {
	encoder := cyclonedx.NewBOMEncoder(w, cyclonedx.BOMFileFormatJSON)
	encoder.SetPretty(true)
	if err := encoder.Encode(bom); err != nil {
		return fmt.Errorf("write bill of materials: %w", err)
	}
	return nil
}

func application(b build) cyclonedx.Component {
	purl := "pkg:github/kiteaccounts/kite-accounts@" + strings.ReplaceAll(b.Version, "+", "%2B")
	return cyclonedx.Component{
		BOMRef: purl, PackageURL: purl, Type: cyclonedx.ComponentTypeApplication,
		Name: "kite-accounts", Version: b.Version, Licenses: licences([]string{"MIT"}),
	}
}

// dependency leaves out an empty list, which would be written as null.
func dependency(of string, on []string) cyclonedx.Dependency {
	if len(on) == 0 {
		return cyclonedx.Dependency{Ref: of}
	}
	return cyclonedx.Dependency{Ref: of, Dependencies: &on}
}

func component(p part) cyclonedx.Component {
	c := cyclonedx.Component{
		BOMRef: p.PURL, PackageURL: p.PURL, Type: cyclonedx.ComponentTypeLibrary,
		Name: p.Name, Version: p.Version, Licenses: licences(p.Licences),
	}
	if p.Name == "SQLite" {
		c.CPE = "cpe:2.3:a:sqlite:sqlite:" + p.Version + ":*:*:*:*:*:*:*" // what vulnerabilities of it are filed under
	}
	var hashes []cyclonedx.Hash
	if p.SHA256 != "" {
		hashes = append(hashes, cyclonedx.Hash{Algorithm: cyclonedx.HashAlgoSHA256, Value: p.SHA256})
	}
	if p.SHA512 != "" {
		hashes = append(hashes, cyclonedx.Hash{Algorithm: cyclonedx.HashAlgoSHA512, Value: p.SHA512})
	}
	if len(hashes) > 0 {
		c.Hashes = &hashes
	}
	var properties []cyclonedx.Property
	for _, where := range p.In {
		properties = append(properties, cyclonedx.Property{Name: inProperty, Value: where})
	}
	c.Properties = &properties
	return c
}

// noIdentifier tells licences that SPDX has no identifier for.
func noIdentifier(licence string) bool {
	return strings.HasPrefix(licence, "LicenseRef-")
}

// licences tells by identifier where there is one. CycloneDX takes either a
// list or one expression.
func licences(names []string) *cyclonedx.Licenses {
	if slices.ContainsFunc(names, func(n string) bool { return strings.Contains(n, " WITH ") }) {
		return &cyclonedx.Licenses{{Expression: strings.Join(names, " AND ")}}
	}
	var list cyclonedx.Licenses
	for _, name := range names {
		if noIdentifier(name) {
			list = append(list, cyclonedx.LicenseChoice{License: &cyclonedx.License{Name: name}})
			continue
		}
		list = append(list, cyclonedx.LicenseChoice{License: &cyclonedx.License{ID: name}})
	}
	return &list
}
