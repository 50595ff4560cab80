package dev.cairn.program.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TypeWordTest {
  @Test
  void isANameAlone() {
    assertThat(TypeWord.parse("path")).isEqualTo(new TypeWord("path", List.of()));
  }

  @Test
  void takesParametersApartAtTheirCommas() {
    assertThat(TypeWord.parse("enum(ipc,%d,0xff)"))
        .isEqualTo(new TypeWord("enum", List.of("ipc", "%d", "0xff")));
    assertThat(TypeWord.parse("enum(ipc,%d,0xff)").number(2)).isEqualTo(255);
  }

  @Test
  void keepsWordsInsideWords() {
    TypeWord word = TypeWord.parse("if(2,0x40,enum(a,b))");
    assertThat(word.parameters()).containsExactly("2", "0x40", "enum(a,b)");
    assertThat(word).hasToString("if(2,0x40,enum(a,b))");
  }

  @Test
  void refusesParenthesesThatDoNotMatch() {
    assertThatThrownBy(() -> TypeWord.parse("in(timespec"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TypeWord.parse("in((timespec)"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
