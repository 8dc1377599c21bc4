package sqlite
import ("testing";"path/filepath";"os";"os/exec";"fmt")
func TestProbe(t *testing.T){
 dir:=t.TempDir(); p:=filepath.Join(dir,"t.db")
 db,err:=Open(t.Context(),p); if err!=nil{t.Fatal(err)}
 db.Settings().SetSetting(t.Context(),"a","b")
 // crash copy
 d2:=filepath.Join(dir,"crash"); os.Mkdir(d2,0o700); p2:=filepath.Join(d2,"t.db")
 for _,s:=range []string{"","-wal"}{b,_:=os.ReadFile(p+s); os.WriteFile(p2+s,b,0o600)}
 db.Close()
 ls:=func(w string,d string){o,_:=exec.Command("sh","-c","ls -la "+d+"; sha256sum "+d+"/t.db*").CombinedOutput(); fmt.Println(w+"\n"+string(o))}
 ls("clean",dir)
 ro,err:=OpenReadOnly(t.Context(),p); fmt.Println(err); l,err:=ro.Accounts(nil).Accounts(t.Context()); fmt.Println(l,err); ls("while ro",dir); ro.Close(); ls("after ro",dir)
 ls("crash",d2)
 ro,err=OpenReadOnly(t.Context(),p2); v,err:=ro.Settings().Setting(t.Context(),"a"); fmt.Println(v,err); ro.Close(); ls("after crash ro",d2)
 w,_:=Open(t.Context(),p2); w.Close(); ls("after crash rw",d2)
}
